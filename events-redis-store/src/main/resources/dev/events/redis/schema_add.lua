-- Adds a schema unless there is one of that type and version.
-- KEYS: prefix. ARGV: field, schema. Answers the one that is there now.
local key = KEYS[1] .. ':schemas'
redis.call('HSETNX', key, ARGV[1], ARGV[2])
return { redis.call('HGET', key, ARGV[1]) }
