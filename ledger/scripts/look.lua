-- What is new in a conversation and where it stands, both of the same moment. ARGV: 3 the entry that was seen last ('' for the
-- newest ones), 4 at most so many entries. Changes nothing. Answers rows as Redis does, not JSON: the state, the entries, and
-- for who waits the place in this shard's queue (from 0), how many were claimed in the last hour, the first claim, and the time (ms).
local state = redis.call('HGETALL', K.conversation)
if #state == 0 then return {} end

local entries, most = {}, tonumber(ARGV[4])
if most > 0 and ARGV[3] ~= '' then
  entries = redis.call('XRANGE', K.log, '(' .. ARGV[3], '+', 'COUNT', most)
elseif most > 0 then
  local newest = redis.call('XREVRANGE', K.log, '+', '-', 'COUNT', most)
  for i = #newest, 1, -1 do entries[#entries + 1] = newest[i] end
end

local mode, skill
for i = 1, #state, 2 do
  if state[i] == 'mode' then mode = state[i + 1] elseif state[i] == 'skill' then skill = state[i + 1] end
end
if mode ~= 'waiting' then return {state, entries} end
local waits, hour_ago = K.waits .. skill, now - 3600000
local first = redis.call('ZRANGEBYSCORE', waits, hour_ago, '+inf', 'WITHSCORES', 'LIMIT', 0, 1)
return {state, entries, redis.call('ZRANK', K.waiting .. skill, cid) or 0, redis.call('ZCOUNT', waits, hour_ago, '+inf'),
  first[2] or '0', string.format('%d', now)}
