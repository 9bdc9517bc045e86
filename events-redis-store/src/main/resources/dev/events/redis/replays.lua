-- Reads replays, newest first.
-- KEYS: prefix. ARGV: active; or find and ids; or list, a number and a limit, which answers
-- those that were created before the one with this number.
-- Answers the time, and for each replay id, number, and fields and values.
local ids
if ARGV[1] == 'active' then
	ids = redis.call('SMEMBERS', KEYS[1] .. ':active-replays')
elseif ARGV[1] == 'list' then
	ids = redis.call('ZREVRANGEBYSCORE', KEYS[1] .. ':replays', '(' .. ARGV[2], '-inf', 'LIMIT', 0, ARGV[3])
else
	ids = { unpack(ARGV, 2) }
end
local replays = {}
for _, id in ipairs(ids) do
	local fields = redis.call('HGETALL', replay_key(id))
	if #fields > 0 then
		replays[#replays + 1] = { id, redis.call('ZSCORE', KEYS[1] .. ':replays', id), fields }
	end
end
table.sort(replays, function(a, b) return tonumber(a[2]) > tonumber(b[2]) end)
return { text(now()), replays }
