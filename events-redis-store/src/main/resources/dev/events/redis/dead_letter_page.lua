-- Dead letters by id, without loading them.
-- KEYS: prefix. ARGV: id after which or an empty string, limit, a subscription or nothing
-- for all.
-- Answers subscription and member of each; of those of one subscription the first ones.
local after = ARGV[1] == '' and '-' or '(' .. ARGV[1] .. ';'
local subscriptions = ARGV[3] and { ARGV[3] } or redis.call('SMEMBERS', KEYS[1] .. ':subscriptions')
local found = {}
for _, id in ipairs(subscriptions) do
	local members = redis.call('ZRANGEBYLEX', KEYS[1] .. ':dead-letters:' .. id, after, '+', 'LIMIT', 0, ARGV[2])
	for _, member in ipairs(members) do
		found[#found + 1] = { id, member }
	end
end
table.sort(found, function(a, b) return a[2] < b[2] end)
local answers = {}
for i = 1, math.min(tonumber(ARGV[2]), #found) do
	answers[i] = found[i]
end
return answers
