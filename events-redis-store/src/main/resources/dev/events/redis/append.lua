-- Appends events as one unit.
-- KEYS: log, ids, head. ARGV: a token of this append, then the events, each beginning
-- with its id of 16 bytes.
-- Answers the first position, if every event was appended; else 0 and for each event its
-- position, negative if it was there before. What an earlier try with the same token has
-- appended counts as appended.
return append(KEYS[1], KEYS[2], KEYS[3], ARGV[1], ARGV, 2)
