-- Reads subscriptions.
-- KEYS: prefix. ARGV: ids, or nothing for all.
-- Answers id, patterns, type, config, active, organization, origin, number of partitions
-- and note of each that exists.
local ids = #ARGV > 0 and ARGV or redis.call('SMEMBERS', KEYS[1] .. ':subscriptions')
local answers = {}
for _, id in ipairs(ids) do
	local s = redis.call('HMGET', KEYS[1] .. ':subscription:' .. id, 'patterns', 'type', 'config', 'active',
		'organization', 'origin', 'partitions', 'note')
	if s[1] then
		answers[#answers + 1] = { id, s[1], s[2], s[3], s[4], s[5], s[6], s[7], s[8] }
	end
end
return answers
