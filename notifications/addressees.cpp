#include "notifications/addressees.hpp"

#include "notifications/gmime.hpp"

#include <algorithm>
#include <array>

namespace convoke::notifications {
namespace {

constexpr std::size_t most_head_bytes = 256 * 1024, most = 100;

void collect(InternetAddressList* list, std::vector<std::string>& out) {
    for (int i = 0; list != nullptr && i < internet_address_list_length(list); ++i) {
        InternetAddress* const one = internet_address_list_get_address(list, i);
        if (INTERNET_ADDRESS_IS_GROUP(one)) {
            collect(internet_address_group_get_members(INTERNET_ADDRESS_GROUP(one)), out);
        } else if (INTERNET_ADDRESS_IS_MAILBOX(one)) {
            char const* const address = internet_address_mailbox_get_addr(INTERNET_ADDRESS_MAILBOX(one));
            if (address == nullptr || out.size() >= most) continue;
            if (std::find(out.begin(), out.end(), address) == out.end()) out.emplace_back(address);
        }
    }
}

}  // namespace

std::vector<std::string> addressees(std::string_view bytes) {
    start_gmime();
    auto const head = bytes.substr(0, std::min({bytes.find("\r\n\r\n"), bytes.find("\n\n"), most_head_bytes}));
    std::string const text = std::string(head) + "\r\n\r\n";
    GObjectPtr<GMimeStream> stream(g_mime_stream_mem_new_with_buffer(text.data(), text.size()));
    GObjectPtr<GMimeParser> parser(g_mime_parser_new_with_stream(stream.get()));
    GObjectPtr<GMimeMessage> message(g_mime_parser_construct_message(parser.get(), nullptr));
    std::vector<std::string> out;
    if (!message) return out;
    GMimeHeaderList* const headers = g_mime_object_get_header_list(GMIME_OBJECT(message.get()));
    for (char const* wanted : {"Delivered-To", "X-Original-To", "Envelope-To", "To", "Cc"}) {
        for (int i = 0; i < g_mime_header_list_get_count(headers); ++i) {
            GMimeHeader* const header = g_mime_header_list_get_header_at(headers, i);
            if (g_ascii_strcasecmp(g_mime_header_get_name(header), wanted) != 0) continue;
            GObjectPtr<InternetAddressList> list(internet_address_list_parse(nullptr, g_mime_header_get_raw_value(header)));
            collect(list.get(), out);
        }
    }
    return out;
}

}  // namespace convoke::notifications
