-- Protobuf as far as the ledger needs it (https://protobuf.dev/programming-guides/encoding/). A room event's number and
-- time are known only here, under the room's lock; since messages in bytes are joined by putting one behind the other,
-- the service sends what it knows and these functions write the rest. It saves a round trip under that lock.

create function pb_varint(value bigint) returns bytea
language plpgsql immutable strict parallel safe as $$
declare
  rest bigint := value;
  written bytea := '';
begin
  while rest > 127 loop
    written := written || set_byte('\x00', 0, (rest & 127)::int | 128);
    rest := rest >> 7;
  end loop;
  return written || set_byte('\x00', 0, rest::int);
end $$;

-- Zero is what a missing number means.
create function pb_number(field int, value bigint) returns bytea
language sql immutable strict parallel safe
return case when value = 0 then ''::bytea else pb_varint(field << 3) || pb_varint(value) end;

create function pb_bytes(field int, value bytea) returns bytea
language sql immutable strict parallel safe
return pb_varint(field << 3 | 2) || pb_varint(octet_length(value)) || value;

create function pb_text(field int, value text) returns bytea
language sql immutable strict parallel safe
return pb_bytes(field, convert_to(value, 'UTF8'));

-- google.protobuf.Timestamp
create function pb_time(field int, value timestamptz) returns bytea
language sql immutable strict parallel safe
return pb_bytes(field,
  pb_number(1, floor(extract(epoch from value))::bigint)
  || pb_number(2, (extract(microseconds from value)::bigint % 1000000) * 1000));

-- RoomEvent.seq and .at, and TipAccepted.start_by for a held tip.
create function tip_accepted_rest(seq bigint, at timestamptz, start_by timestamptz) returns bytea
language sql immutable parallel safe
return pb_number(2, seq) || pb_time(3, at) || coalesce(pb_bytes(10, pb_time(7, start_by)), ''::bytea);

-- A whole RoomEvent with TipSettled in it.
create function tip_settled_event(
  room_id text, seq bigint, at timestamptz, tip_id text, result text, settled bigint, returned bigint, ran_ms int
) returns bytea
language sql immutable strict parallel safe
return pb_text(1, room_id) || pb_number(2, seq) || pb_time(3, at) || pb_bytes(11,
  pb_text(1, tip_id)
  || pb_number(2, array_position(array['ran', 'partly', 'expired', 'refused', 'paid'], result))
  || pb_number(3, settled) || pb_number(4, returned) || pb_number(5, ran_ms));
