"""The Lua scripts of the fleet's limits: each one step, by the server's own clock.

`leases` and `members` are sorted sets of ids by the millisecond they expire at. A member that went
silent without a goodbye is remembered for `FORGET_S`: it may live, out of touch, and use its share,
so that much is set aside for it until it, or a new process in its place, is heard of.
"""

from typing import Final

#: A lease and a membership last so long; they are renewed every `BEAT_S`.
LEASE_S: Final = 10.0
BEAT_S: Final = 1.0
#: How long the share of a process that went silent is set aside.
FORGET_S: Final = 600.0

_NOW = """
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
"""

#: KEYS leases, members; ARGV lease id, lease ms, total, share, replicas, forget ms. 1: granted.
ACQUIRE: Final = (
    _NOW
    + """
local lease, total, share = tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now - ARGV[6])
local alive = redis.call('ZCOUNT', KEYS[2], '(' .. now, '+inf')
local silent = redis.call('ZCARD', KEYS[2]) - alive
local absent = math.max(0, math.min(silent, ARGV[5] - alive))
if redis.call('ZCARD', KEYS[1]) >= total - share * absent then return 0 end
redis.call('ZADD', KEYS[1], now + lease, ARGV[1])
redis.call('PEXPIRE', KEYS[1], 2 * lease)
return 1
"""
)

#: KEYS leases; ARGV lease id, channel, message. The waiting are told of the free slot.
RELEASE: Final = """
if redis.call('ZREM', KEYS[1], ARGV[1]) == 1 then redis.call('PUBLISH', ARGV[2], ARGV[3]) end
"""

#: KEYS leases, members, opening, pause, probe; ARGV lease ms, forget ms, member, probe's id or '',
#: lease ids. Renews all, also what the server does not know (any more): calls and probe run.
#: Returns the milliseconds of opening and pause (negative: none), then the ids not known.
BEAT: Final = (
    _NOW
    + """
local ends = now + ARGV[1]
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
redis.call('ZADD', KEYS[2], ends, ARGV[3])
redis.call('PEXPIRE', KEYS[2], ARGV[1] + ARGV[2])
if ARGV[4] ~= '' then
  redis.call('SET', KEYS[5], ARGV[4], 'NX', 'PX', ARGV[1])
  if redis.call('GET', KEYS[5]) == ARGV[4] then redis.call('PEXPIRE', KEYS[5], ARGV[1]) end
end
local answer = {redis.call('PTTL', KEYS[3]), redis.call('PTTL', KEYS[4])}
for i = 5, #ARGV do
  if redis.call('ZADD', KEYS[1], ends, ARGV[i]) == 1 then answer[#answer + 1] = ARGV[i] end
end
if #ARGV >= 5 then redis.call('PEXPIRE', KEYS[1], 2 * ARGV[1]) end
return answer
"""
)

#: KEYS opening, probe; ARGV probe's id, lease ms. 0: taken; else milliseconds it is not to be had.
PROBE: Final = """
local open = redis.call('PTTL', KEYS[1])
if open > 0 then return open end
if redis.call('SET', KEYS[2], ARGV[1], 'NX', 'PX', ARGV[2]) then return 0 end
return math.max(1, redis.call('PTTL', KEYS[2]))
"""

#: KEYS probe; ARGV probe's id. Only its holder's.
RETURN_PROBE: Final = """
if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end
"""

#: KEYS the key that says it, probe; ARGV ms, channel, message, probe's id or ''. The longest lasts.
BLOCK: Final = """
if redis.call('PTTL', KEYS[1]) < tonumber(ARGV[1]) then
  redis.call('SET', KEYS[1], '1', 'PX', ARGV[1])
end
if ARGV[4] ~= '' and redis.call('GET', KEYS[2]) == ARGV[4] then redis.call('DEL', KEYS[2]) end
redis.call('PUBLISH', ARGV[2], ARGV[3])
"""

#: KEYS what is over (opening and probe, or a pause); ARGV channel, message.
CLOSE: Final = """
redis.call('DEL', unpack(KEYS))
redis.call('PUBLISH', ARGV[1], ARGV[2])
"""
