-- What is queued behind a key, as far as nothing that blocks lies in front of it.
-- KEYS: prefix. ARGV: subscription, partition, key, limit.
-- Answers whether something blocks, and the deliveries.
local store = deliveries_of(ARGV[1])
local name = escaped(ARGV[3])
local blocker = lowest(blocking_key(ARGV[1], ARGV[2]), ARGV[3])
local members = redis.call('ZRANGEBYLEX', live_key(ARGV[1], ARGV[2]), '[' .. name .. '\0',
	'(' .. (blocker or name .. '\1'), 'LIMIT', 0, ARGV[4])
local answers = {}
for i, member in ipairs(members) do
	answers[i] = answer(store, load_state(store, tonumber(string.sub(member, -16))))
end
return { blocker and 1 or 0, answers }
