-- Which deliveries of a subscription are stored.
-- KEYS: prefix. ARGV: subscription, positions. Answers those of the positions at which there is one.
local store = deliveries_of(ARGV[1])
local stored = {}
for i = 2, #ARGV do
	if redis.call('HEXISTS', store.states, ARGV[i]) == 1 then
		stored[#stored + 1] = ARGV[i]
	end
end
return stored
