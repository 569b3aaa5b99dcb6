-- Protobuf as far as the ledger needs it (https://protobuf.dev/programming-guides/encoding/). A room event's number and
-- time are known only here, under the room's lock; since messages in bytes are joined by putting one behind the other,
-- the service sends what it knows and these functions write the rest. It saves a round trip under that lock.
-- In plpgsql, since a call of an SQL function that cannot be inlined costs ten times as much.

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
language plpgsql immutable strict parallel safe as $$
begin
  return case when value = 0 then '' else pb_varint(field << 3) || pb_varint(value) end;
end $$;

create function pb_bytes(field int, value bytea) returns bytea
language plpgsql immutable strict parallel safe as $$
begin
  return pb_varint(field << 3 | 2) || pb_varint(octet_length(value)) || value;
end $$;

-- google.protobuf.Timestamp
create function pb_time(field int, value timestamptz) returns bytea
language plpgsql immutable strict parallel safe as $$
declare
  micros bigint := extract(epoch from value) * 1000000;
begin
  return pb_bytes(field, pb_number(1, micros / 1000000) || pb_number(2, micros % 1000000 * 1000));
end $$;

-- RoomEvent.seq and .at, and TipAccepted.start_by for a held tip.
create function tip_accepted_rest(seq bigint, at timestamptz, start_by timestamptz) returns bytea
language plpgsql immutable parallel safe as $$
declare
  known bytea := pb_number(2, seq) || pb_time(3, at);
begin
  return case when start_by is null then known else known || pb_bytes(10, pb_time(7, start_by)) end;
end $$;

-- A whole RoomEvent with TipSettled in it.
create function tip_settled_event(
  room_id text, seq bigint, at timestamptz, tip_id text, result tip_result, settled bigint, returned bigint, ran_ms int
) returns bytea
language plpgsql immutable strict parallel safe as $$
begin
  return pb_bytes(1, convert_to(room_id, 'UTF8')) || pb_number(2, seq) || pb_time(3, at) || pb_bytes(11,
    pb_bytes(1, convert_to(tip_id, 'UTF8'))
    || pb_number(2, array_position(enum_range(null::tip_result), result))
    || pb_number(3, settled) || pb_number(4, returned) || pb_number(5, ran_ms));
end $$;
