-- Erases the key of a data subject, and keeps that it was erased.
-- KEYS: prefix. ARGV: subject. Answers whether there was a key.
write_although_memory_is_full()
local keys = KEYS[1] .. ':subject-keys'
local known = redis.call('HGET', keys, ARGV[1]) or '1 '
local generation = string.match(known, '^%d+ ')
redis.call('HSET', keys, ARGV[1], generation)
return { known ~= generation and 1 or 0 }
