#include "notifications/received_mail.hpp"

#include "notifications/gmime.hpp"

#include <algorithm>
#include <array>

namespace convoke::notifications {

namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

std::string lowered(char const* text) {
    std::string out(text ? text : "");
    std::transform(out.begin(), out.end(), out.begin(), lower);
    return out;
}

// Where the mail's own header ends.
std::size_t head_size(std::string_view bytes) {
    auto const crlf = bytes.find("\r\n\r\n"), lf = bytes.find("\n\n");
    return std::min({crlf, lf, bytes.size()});
}

// The parser goes down one call a level: what could make it go down further than any limit must not reach it. Every level
// needs a boundary parameter or a type of a message within, so counting these words is enough.
bool may_be_nested_beyond(std::string_view bytes, std::size_t limit) {
    std::size_t count = 0;
    static constexpr std::array<std::string_view, 5> marks{"boundary", "rfc822", "rfc2822", "message/news", "message/global"};
    for (std::string_view const mark : marks) {
        auto const same = [](char a, char b) { return lower(a) == b; };
        for (auto at = bytes.begin();; ++at) {
            at = std::search(at, bytes.end(), mark.begin(), mark.end(), same);
            if (at == bytes.end()) break;
            if (++count > limit) return true;
        }
    }
    return false;
}

struct FoundPart {
    GMimePart* part;
    bool names_method;
};

// Walks the tree without going into messages within.
struct Walk {
    MailLimits const& limits;
    int parts = 0;
    bool beyond = false, tnef = false;
    std::vector<FoundPart> calendars;

    void visit(GMimeObject* object, int depth) {
        if (!object || beyond) return;
        if (depth > limits.depth || ++parts > limits.parts) {
            beyond = true;
            return;
        }
        if (GMIME_IS_MULTIPART(object)) {
            int const count = g_mime_multipart_get_count(GMIME_MULTIPART(object));
            for (int i = 0; i < count && !beyond; ++i) visit(g_mime_multipart_get_part(GMIME_MULTIPART(object), i), depth + 1);
        } else if (GMIME_IS_PART(object)) {
            look_at(GMIME_PART(object));
        }
    }

    void look_at(GMimePart* part) {
        GMimeContentType* const type = g_mime_object_get_content_type(GMIME_OBJECT(part));
        std::string const name = lowered(g_mime_part_get_filename(part));
        if (g_mime_content_type_is_type(type, "text", "calendar") || g_mime_content_type_is_type(type, "application", "ics") ||
            name.ends_with(".ics"))
            calendars.push_back({part, g_mime_content_type_get_parameter(type, "method") != nullptr});
        else if (g_mime_content_type_is_type(type, "application", "ms-tnef") || name == "winmail.dat")
            tnef = true;
    }
};

std::string content_of(GMimePart* part) {
    GMimeDataWrapper* const content = g_mime_part_get_content(part);
    if (!content) return {};
    GObjectPtr<GMimeStream> stream(g_mime_stream_mem_new());
    g_mime_data_wrapper_write_to_stream(content, stream.get());
    GByteArray* const bytes = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(stream.get()));
    return std::string(reinterpret_cast<char const*>(bytes->data), bytes->len);
}

void read_calendar(ReceivedMail& mail, FoundPart const& found, MailLimits const& limits) {
    std::string const bytes = content_of(found.part);
    if (bytes.size() > limits.calendar_bytes) {
        mail.unread = Unread::calendar_too_large;
        return;
    }
    GMimeContentType* const type = g_mime_object_get_content_type(GMIME_OBJECT(found.part));
    auto const parameter = [&](char const* name) {
        char const* const value = g_mime_content_type_get_parameter(type, name);
        return std::string_view(value ? value : "");
    };
    auto answer = calendar::read_answer(bytes, {parameter("charset"), parameter("method")});
    if (answer) {
        mail.answer = *std::move(answer);
        mail.unread = Unread::nothing;
    } else if (!mail.answer) {
        bool const large = answer.error().code == errc::payload_too_large;
        mail.unread = large ? Unread::calendar_too_large : Unread::calendar_unreadable;
        mail.detail = answer.error().detail;
    }
}

bool has_effect(std::optional<calendar::Answer> const& answer) {
    return answer && answer->method != calendar::AnswerMethod::other;
}

void read_head(ReceivedMail& mail, GMimeMessage* message, MailLimits const& limits) {
    if (GDateTime* const date = g_mime_message_get_date(message))
        mail.date = calendar::sys_seconds(std::chrono::seconds(g_date_time_to_unix(date)));
    GMimeHeaderList* const headers = g_mime_object_get_header_list(GMIME_OBJECT(message));
    for (int i = 0; i < g_mime_header_list_get_count(headers); ++i) {
        GMimeHeader* const header = g_mime_header_list_get_header_at(headers, i);
        std::string const name = lowered(g_mime_header_get_name(header));
        auto const value = [&] { return lowered(g_mime_header_get_value(header)); };
        if (name == "auto-submitted")
            mail.automatic = mail.automatic || value().find("no") != 0;
        else if (name == "x-autoreply" || name == "x-auto-response-suppress" || name == "x-autorespond")
            mail.automatic = mail.automatic || name != "x-auto-response-suppress";
        else if (name == "precedence")
            mail.automatic = mail.automatic || value().find("auto_reply") != std::string::npos;
        else if (name == "from") {
            GObjectPtr<InternetAddressList> list(internet_address_list_parse(nullptr, g_mime_header_get_raw_value(header)));
            int const count = list ? internet_address_list_length(list.get()) : 0;
            for (int at = 0; at < count && mail.from.size() < limits.senders; ++at) {
                InternetAddress* const address = internet_address_list_get_address(list.get(), at);
                char const* const text =
                    INTERNET_ADDRESS_IS_MAILBOX(address) ? internet_address_mailbox_get_addr(INTERNET_ADDRESS_MAILBOX(address)) : nullptr;
                mail.from.emplace_back(text ? text : "");
            }
        }
    }
    if (char const* const id = g_mime_message_get_message_id(message)) mail.message_id = id;
}

// A report is a report, whatever it quotes.
Unread report_kind(GMimeObject* root) {
    GMimeContentType* const type = g_mime_object_get_content_type(root);
    if (!g_mime_content_type_is_type(type, "multipart", "report")) return Unread::nothing;
    std::string const kind = lowered(g_mime_content_type_get_parameter(type, "report-type"));
    if (kind == "feedback-report") return Unread::complaint;
    if (kind == "disposition-notification") return Unread::receipt;
    return Unread::bounce;
}

GObjectPtr<GMimeMessage> parsed(std::string_view bytes) {
    GObjectPtr<GMimeStream> stream(g_mime_stream_mem_new_with_buffer(bytes.data(), bytes.size()));
    GObjectPtr<GMimeParser> parser(g_mime_parser_new_with_stream(stream.get()));
    return GObjectPtr<GMimeMessage>(g_mime_parser_construct_message(parser.get(), nullptr));
}

}  // namespace

ReceivedMail read_mail(std::string_view bytes, MailLimits const& limits) {
    start_gmime();
    ReceivedMail mail;
    mail.unread = Unread::damaged;
    if (head_size(bytes) > limits.head_bytes) return mail;
    bool const nested = may_be_nested_beyond(bytes, 4 * static_cast<std::size_t>(limits.depth));
    // Who wrote it is in its header; the rest is not worth the danger then.
    auto const message = parsed(nested ? bytes.substr(0, head_size(bytes)) : bytes);
    if (!message) return mail;
    read_head(mail, message.get(), limits);
    mail.unread = Unread::too_deep;
    if (nested) return mail;
    GMimeObject* const root = g_mime_message_get_mime_part(message.get());
    if (!root) {
        mail.unread = Unread::damaged;
        return mail;
    }
    if (Unread const report = report_kind(root); report != Unread::nothing) {
        mail.unread = report;
        return mail;
    }
    Walk walk{limits};
    walk.visit(root, 1);
    if (walk.beyond) return mail;
    mail.unread = walk.tnef ? Unread::tnef : mail.automatic ? Unread::automatic : Unread::no_calendar;
    for (bool const with_method : {true, false})
        for (FoundPart const& found : walk.calendars)
            if (found.names_method == with_method && !has_effect(mail.answer)) read_calendar(mail, found, limits);
    return mail;
}

std::string_view slug(Unread reason) {
    switch (reason) {
        case Unread::nothing: return "";
        case Unread::damaged: return "damaged";
        case Unread::too_deep: return "too_deep";
        case Unread::bounce: return "bounce";
        case Unread::complaint: return "complaint";
        case Unread::receipt: return "receipt";
        case Unread::tnef: return "tnef";
        case Unread::calendar_too_large: return "calendar_too_large";
        case Unread::calendar_unreadable: return "calendar_unreadable";
        case Unread::automatic: return "automatic";
        case Unread::no_calendar: return "no_calendar";
    }
    return "";
}

std::string_view words(Unread reason) {
    switch (reason) {
        case Unread::nothing: return "";
        case Unread::damaged: return "this is no mail that can be read";
        case Unread::too_deep: return "its parts are nested too deeply, or are too many";
        case Unread::bounce: return "a mail server reports about a mail that was not delivered";
        case Unread::complaint: return "a mail provider reports a complaint about a mail";
        case Unread::receipt: return "a receipt for a mail that was read";
        case Unread::tnef: return "the answer is in Outlook's own form (winmail.dat), which only Outlook reads";
        case Unread::calendar_too_large: return "its calendar part is larger than any answer";
        case Unread::calendar_unreadable: return "its calendar part cannot be read";
        case Unread::automatic: return "an automatic reply";
        case Unread::no_calendar: return "a mail without a calendar part: somebody wrote in words";
    }
    return "";
}

}  // namespace convoke::notifications
