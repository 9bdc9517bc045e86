-- Switches a subscription on or off.
-- KEYS: prefix. ARGV: id, whether it is active, whether there is a note, the note.
-- Answers whether there is one.
local key = KEYS[1] .. ':subscription:' .. ARGV[1]
if redis.call('EXISTS', key) == 0 then
	return { 0 }
end
redis.call('HSET', key, 'active', ARGV[2])
if ARGV[3] == '1' then
	redis.call('HSET', key, 'note', ARGV[4])
else
	redis.call('HDEL', key, 'note')
end
return { 1 }
