-- Opens a conversation, or finds it open. ARGV: 3 lang, 4 customer, 5 customer's name ('' for nobody).
-- An anonymous conversation may become a customer's; a customer's never becomes somebody else's.
local state = load_state()
if not state then
  redis.call('HSET', K.conversation, 'mode', 'bot', 'lang', ARGV[3], 'customer', ARGV[4], 'customer_name', ARGV[5],
    'created_at', now, 'mode_at', now, 'cursor', '0-0', 'skill', 'general', 'priority', '3')
elseif ARGV[4] ~= '' then
  if state.customer ~= '' and state.customer ~= ARGV[4] then return answer({error = 'other_customer'}) end
  redis.call('HSET', K.conversation, 'customer', ARGV[4], 'customer_name', ARGV[5])
end
keep_alive()
return answer({created = state == nil})
