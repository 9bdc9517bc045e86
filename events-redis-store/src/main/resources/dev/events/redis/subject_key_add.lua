-- Adds the key of a data subject unless there is an entry of it.
-- KEYS: prefix. ARGV: subject, generation and key. Answers what is there now.
local keys = KEYS[1] .. ':subject-keys'
redis.call('HSETNX', keys, ARGV[1], ARGV[2])
return { redis.call('HGET', keys, ARGV[1]) }
