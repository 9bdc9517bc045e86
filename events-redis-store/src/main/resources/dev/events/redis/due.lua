-- Deliveries of partitions that are due now, earliest first; of one key only the lowest
-- live one.
-- KEYS: prefix. ARGV: limit, then subscription and partition of each.
local limit = tonumber(ARGV[1])
local time = text(now())
local PAGE = 100
local found = {}
for i = 2, #ARGV, 2 do
	local store = deliveries_of(ARGV[i])
	local scheduled = scheduled_key(ARGV[i], ARGV[i + 1])
	local live = live_key(ARGV[i], ARGV[i + 1])
	local offset, taken, page = 0, 0, nil
	repeat
		page = redis.call('ZRANGEBYSCORE', scheduled, '-inf', time, 'LIMIT', offset, PAGE)
		for _, position in ipairs(page) do
			local d = load_state(store, tonumber(position))
			if taken < limit and (not d.key or lowest(live, d.key) == member_by_key(d)) then
				taken = taken + 1
				found[#found + 1] = { store = store, state = d }
			end
		end
		offset = offset + PAGE
	until #page < PAGE or taken >= limit
end
table.sort(found, function(a, b)
	if a.state.due ~= b.state.due then
		return a.state.due < b.state.due
	end
	return a.state.position < b.state.position
end)
local answers = {}
for i = 1, math.min(limit, #found) do
	answers[i] = answer(found[i].store, found[i].state)
end
return answers
