-- Reads all cursors.
-- KEYS: prefix. Answers subscription, then position and owner of each partition.
local time = now()
local answers = {}
for _, id in ipairs(redis.call('SMEMBERS', KEYS[1] .. ':subscriptions')) do
	local key = KEYS[1] .. ':subscription:' .. id
	local cursors = { id }
	for n = 0, tonumber(redis.call('HGET', key, 'partitions')) - 1 do
		local cursor = redis.call('HMGET', key, 'position' .. n, 'owner' .. n, 'until' .. n)
		cursors[#cursors + 1] = cursor[1]
		cursors[#cursors + 1] = time < tonumber(cursor[3]) and cursor[2] or ''
	end
	answers[#answers + 1] = cursors
end
return answers
