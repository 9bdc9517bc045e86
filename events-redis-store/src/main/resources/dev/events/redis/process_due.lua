-- KEYS: prefix. ARGV: kind, length of a time, limit. Answers processes that are due.
local kind, length = ARGV[1], tonumber(ARGV[2])
-- behind all that are due in this microsecond
local bound = '(1' .. string.format('%0' .. (length - 1) .. '.0f', now() + 1)
local rows = {}
for i, due in ipairs(redis.call('ZRANGEBYLEX', of_kind('process-due', kind), '-', bound, 'LIMIT', 0, ARGV[3])) do
	rows[i] = process_row(kind, string.sub(due, length + 1))
end
return rows
