-- Loads what is still a dead letter.
-- KEYS: prefix. ARGV: subscription and position of each.
local answers = {}
for i = 1, #ARGV, 2 do
	local store = deliveries_of(ARGV[i])
	local d = load_state(store, tonumber(ARGV[i + 1]))
	if d and is_dead_letter(d) then
		answers[#answers + 1] = answer(store, d)
	end
end
return answers
