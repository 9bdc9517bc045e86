-- Gives a data subject whose key was erased a new one.
-- KEYS: prefix. ARGV: subject, generation of the erased key, generation and key.
-- Answers whether that is what is there now.
local keys = KEYS[1] .. ':subject-keys'
local known = redis.call('HGET', keys, ARGV[1])
if known == ARGV[2] then
	redis.call('HSET', keys, ARGV[1], ARGV[3])
	return { 1 }
end
return { known == ARGV[3] and 1 or 0 }
