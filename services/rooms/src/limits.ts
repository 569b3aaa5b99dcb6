/** Every size, number and time that this service bounds. */

export const ROOMS_PER_BROADCASTER_MAX = 20;
export const TITLE_CHARACTERS_MAX = 80;
/** A slug ends in so many characters that the server chose: 5 bits each. */
export const SLUG_TAIL_CHARACTERS = 6;

export const MENU_ITEMS_MAX = 50;
/** Older menus are forgotten. */
export const MENU_VERSIONS_KEPT = 50;

export const DIRECTORY_PAGE_MAX = 100;
export const DIRECTORY_PAGE_DEFAULT = 30;
/** Live rooms that the directory knows at most; the newest ones. */
export const DIRECTORY_SHOWS_MAX = 10_000;
/** How old the list of live rooms may be that the directory shows. */
export const DIRECTORY_FRESH_MS = 500;

export const TAGS_MAX = 8;
export const TAG_CHARACTERS_MAX = 24;
/** What is taken as a tag before it is brought to its normal form. */
export const TAG_TYPED_CHARACTERS_MAX = 64;

export const GOAL_TITLE_CHARACTERS_MAX = 80;

/** People about whom something is decided in one room at a time. */
export const SANCTIONS_PER_ROOM_MAX = 10_000;
export const SANCTIONS_PAGE_MAX = 100;
export const SANCTIONS_PAGE_DEFAULT = 50;
/** Sanctions that GetRoom tells of: silences and removals first, then the newest bans, which Admit refuses anyway. */
export const SANCTIONS_TOLD_MAX = 1_000;
export const SILENCE_MINUTES_MAX = 1_440;
export const SILENCE_MINUTES_DEFAULT = 10;

/** Viewers are counted this often at most, for the whole directory, */
export const VIEWERS_FRESH_MS = 2_000;
/** shown for so long after they were counted, */
export const VIEWERS_KNOWN_MS = 10_000;
/** and waited for no longer where none are known. */
export const VIEWERS_WAITED_MS_MAX = 150;
export const VIEWERS_ASKED_MS_MAX = 1_000;

export const STILL_BYTES_MAX = 96 * 1024;
/** A small file may unfold into a picture that no viewer's device could hold. */
export const STILL_SIDE_PIXELS_MAX = 2_048;
export const STILL_EVERY_MS = 5_000;
/** A browser shows a still again for so long without asking. */
export const STILL_CACHED_S = 10;

export const EVENTS_LISTED_MAX = 256;
/** Well under what a NATS message may hold. */
export const EVENTS_LISTED_BYTES_MAX = 512 * 1024;

/** How long a media grant opens the door. Whoever is inside gets longer ones from LiveKit. */
export const MEDIA_GRANT_S = 60;

/** Clocks of LiveKit and of ours may differ by so much; LiveKit itself is this lenient. */
export const MEDIA_TOKEN_LEEWAY_S = 60;
/** How old an access token may be with which a guest who becomes a viewer shows which guest they were. */
export const MEDIA_TOKEN_PAST_S = 24 * 3_600;
/** Well above what LiveKit's access tokens are long. */
export const MEDIA_TOKEN_CHARACTERS_MAX = 4_096;
/** A pseudonym's identities, the newest, that a sanction puts out at once; sweeps find the rest. */
export const IDENTITIES_REMOVED_MAX = 64;
/** After a sanction its pseudonym is put out at once, and again so long after: they may have been coming in meanwhile. */
export const PUT_OUT_AGAIN_AFTER_MS = [400, 2_000];
/** Sanctions being carried out at LiveKit at a time; more are left to the sweeps. */
export const REMOVALS_MAX = 64;

/** All pods together ask LiveKit this often when nothing hints. */
export const SWEEP_EVERY_MS = 5_000;
/** However many hints come, one pod sweeps no more often. */
export const SWEEP_GAP_MS_MIN = 250;
/** Rooms that one sweep looks into because of hints; what is beyond waits for the pace. */
export const ROOMS_LOOKED_INTO_MAX = 64;
/** While LiveKit or PostgreSQL is away. */
export const SWEEP_AGAIN_MS = 1_000;
/** Whoever was removed may have been coming in again at that moment. */
export const SECOND_SWEEP_AFTER_MS = 2_000;
/** Calls to LiveKit under way at a time. */
export const LIVEKIT_CALLS_MAX = 8;
export const LIVEKIT_CALL_S_MAX = 2;
/** LiveKit counts a room's publishers every 5 s; what we saw ourselves is newer for so long. */
export const PICTURE_COUNT_LATE_MS = 7_000;
/** That there still is a picture is written down no more often. */
export const PICTURE_WRITTEN_MS = 4_000;
/** After so long without a look at LiveKit nobody claims that there is a picture. */
export const PICTURE_KNOWN_MS = 15_000;

export const CLEAN_EVERY_MS = 60_000;
export const CLEAN_BATCH = 500;
export const OUTBOX_KEPT_DAYS = 7;
export const CREATIONS_KEPT_DAYS = 7;

export const POSTGRES_CONNECTIONS_MAX = 20;
