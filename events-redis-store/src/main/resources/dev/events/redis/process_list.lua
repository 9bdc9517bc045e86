-- KEYS: prefix. ARGV: kind, whether only those in a status, the status, key after which or
-- an empty string, limit. Answers processes.
local keys = ARGV[2] == '1' and of_kind('process-status', ARGV[1]) .. ':' .. ARGV[3] or of_kind('process-keys', ARGV[1])
local after = ARGV[4] == '' and '-' or '(' .. ARGV[4]
local rows = {}
for i, key in ipairs(redis.call('ZRANGEBYLEX', keys, after, '+', 'LIMIT', 0, ARGV[5])) do
	rows[i] = process_row(ARGV[1], key)
end
return rows
