#include "calendar/zone.hpp"

#include "calendar/vtimezone_form.hpp"

#include <date/tz.h>

#include <stdexcept>

namespace convoke::calendar {
namespace {

date::time_zone const& zone_named(std::string_view name) {
    // A feed asks for the same zone thousands of times.
    thread_local std::pair<std::string, date::time_zone const*> last;
    if (last.second && last.first == name) return *last.second;
    // Our own list is asked first: date/tz would also find 'EST5EDT' and other files of the directory.
    if (!zone_exists(name)) throw std::invalid_argument("unknown time zone: " + std::string(name.substr(0, 64)));
    last = {std::string(name), date::locate_zone(name)};
    return *last.second;
}

LocalReading reading(local_seconds local, date::time_zone const& zone) {
    auto const info = zone.get_info(date::local_seconds{local.time_since_epoch()});
    LocalReading out;
    auto const with = [&](seconds offset) { return sys_seconds{local.time_since_epoch() - offset}; };
    out.offset = info.first.offset;
    out.instant = with(out.offset);
    if (info.result == date::local_info::unique) {
        out.other_offset = out.offset;
        out.other = out.instant;
        return out;
    }
    out.kind = info.result == date::local_info::nonexistent ? LocalReading::Kind::gap : LocalReading::Kind::fold;
    out.other_offset = info.second.offset;
    out.other = with(out.other_offset);
    return out;
}

bool in_range(local_seconds local) {
    return local >= local_seconds{local_days{std::chrono::year{1970} / 1 / 1}} &&
           local < local_seconds{local_days{std::chrono::year{2038} / 1 / 1}};
}

std::string with_offset(sys_seconds instant, seconds offset) {
    return format_local(local_seconds{(instant + offset).time_since_epoch()}) + format_offset(offset);
}

}  // namespace

result<LocalReading> read_local(local_seconds local, std::string_view zone) {
    CONVOKE_CHECK(check_zone(zone));
    if (!in_range(local))
        return Failure{errc::out_of_range, "times from 1970 to 2037 are taken, not " + format_local(local)};
    return reading(local, zone_named(zone));
}

sys_seconds to_instant(local_seconds local, std::string_view zone) { return reading(local, zone_named(zone)).instant; }

result<sys_seconds> unambiguous_instant(local_seconds local, std::string_view zone) {
    CONVOKE_TRY(read, read_local(local, zone));
    if (read.kind == LocalReading::Kind::unique) return read.instant;
    bool const gap = read.kind == LocalReading::Kind::gap;
    // In a gap each offset, applied to the missing time, lands on a time that the clock shows under the other one.
    std::string const a = gap ? with_offset(read.instant, read.other_offset) : with_offset(read.instant, read.offset);
    std::string const b = gap ? with_offset(read.other, read.offset) : with_offset(read.other, read.other_offset);
    std::string const& earlier = read.instant < read.other ? a : b;
    std::string const& later = read.instant < read.other ? b : a;
    Failure failure{gap ? errc::local_time_does_not_exist : errc::local_time_ambiguous,
                    format_local(local) + (gap ? " does not exist in " : " happens twice in ") + std::string(zone) +
                        (gap ? ": the clocks go forward over it; the nearest times are " : ": the clocks go back; say ") +
                        earlier + " or " + later + (gap ? "" : " by choosing a time outside the repeated hour")};
    failure.arguments["earlier"] = earlier;
    failure.arguments["later"] = later;
    return failure;
}

LocalMoment to_local(sys_seconds instant, std::string_view zone) {
    auto const info = zone_named(zone).get_info(instant);
    return {local_seconds{(instant + info.offset).time_since_epoch()}, info.offset, info.abbrev,
            (info.save != std::chrono::minutes{0}) != summer_is_standard(zone)};
}

}  // namespace convoke::calendar
