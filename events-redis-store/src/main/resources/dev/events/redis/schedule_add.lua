-- KEYS: prefix. ARGV: a token, time due, events. Answers for each event whether it waits
-- now. What an earlier try with the same token has added counts as added.
local token, due = ARGV[1], ARGV[2]
local ids = KEYS[1] .. ':ids'
local added = {}
local seen = {}
for i = 3, #ARGV do
	local event = ARGV[i]
	local id = string.sub(event, 1, 16)
	local known = redis.call('HGET', waiting, id)
	if known then
		added[i - 2] = not seen[id] and string.sub(known, PLACE + 1, PLACE + 4) == token and 1 or 0
	elseif redis.call('HEXISTS', ids, id) == 1 then
		added[i - 2] = 0
	else
		local number = string.format('%016.0f', redis.call('INCR', KEYS[1] .. ':schedule-number'))
		redis.call('HSET', waiting, id, due .. number .. token .. event)
		redis.call('ZADD', schedule, 0, due .. number .. id)
		added[i - 2] = 1
	end
	seen[id] = true
end
return added
