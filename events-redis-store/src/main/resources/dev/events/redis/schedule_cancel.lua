-- KEYS: prefix. ARGV: id. Answers whether it was waiting.
write_although_memory_is_full()
local known = redis.call('HGET', waiting, ARGV[1])
if not known then
	return { 0 }
end
take_out(ARGV[1], known)
return { 1 }
