#include "notifications/mime.hpp"

#include "notifications/gmime.hpp"
#include "notifications/header_text.hpp"

#include <openssl/sha.h>

#include <array>
#include <stdexcept>

namespace convoke::notifications {
namespace {

struct FormatFree {
    void operator()(GMimeFormatOptions* options) const { g_mime_format_options_free(options); }
};
struct DateFree {
    void operator()(GDateTime* date) const { g_date_time_unref(date); }
};

// The same mail always gets the same boundaries; "=_" can occur neither in base64 nor in quoted-printable text.
std::string boundary(std::string const& message_id, char const* level) {
    std::array<unsigned char, SHA256_DIGEST_LENGTH> hash{};
    SHA256(reinterpret_cast<unsigned char const*>(message_id.data()), message_id.size(), hash.data());
    std::string out = "=_";
    constexpr char digits[] = "0123456789abcdef";
    for (std::size_t i = 0; i < 12; ++i) {
        out += digits[hash[i] >> 4];
        out += digits[hash[i] & 15];
    }
    return out + '_' + level;
}

// GMime writes the line ends: inside, text has LF alone.
std::string with_lf(std::string_view text) {
    std::string out;
    out.reserve(text.size() + 1);
    for (char c : text) {
        if (c != '\r') out += c;
    }
    if (out.empty() || out.back() != '\n') out += '\n';
    return out;
}

GObjectPtr<GMimePart> part(char const* type, char const* subtype, std::string const& content, GMimeContentEncoding encoding) {
    GObjectPtr<GMimePart> made(g_mime_part_new_with_type(type, subtype));
    GObjectPtr<GMimeStream> stream(g_mime_stream_mem_new_with_buffer(content.data(), content.size()));
    GObjectPtr<GMimeDataWrapper> wrapper(g_mime_data_wrapper_new_with_stream(stream.get(), GMIME_CONTENT_ENCODING_DEFAULT));
    g_mime_part_set_content(made.get(), wrapper.get());
    g_mime_part_set_content_encoding(made.get(), encoding);
    return made;
}

GObjectPtr<GMimePart> text_part(char const* subtype, std::string const& text) {
    auto made = part("text", subtype, with_lf(text), GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE);
    g_mime_object_set_content_type_parameter(GMIME_OBJECT(made.get()), "charset", "UTF-8");
    return made;
}

GObjectPtr<GMimePart> calendar_part(LetterText const& letter) {
    auto made = part("text", "calendar", letter.ics, GMIME_CONTENT_ENCODING_BASE64);
    auto* object = GMIME_OBJECT(made.get());
    g_mime_object_set_content_type_parameter(object, "charset", "UTF-8");
    g_mime_object_set_content_type_parameter(object, "method", letter.method.c_str());
    return made;
}

GObjectPtr<GMimePart> attachment(LetterText const& letter) {
    auto made = part("application", "ics", letter.ics, GMIME_CONTENT_ENCODING_BASE64);
    auto* object = GMIME_OBJECT(made.get());
    g_mime_object_set_content_type_parameter(object, "name", "invite.ics");
    g_mime_object_set_disposition(object, "attachment");
    g_mime_object_set_content_disposition_parameter(object, "filename", "invite.ics");
    return made;
}

GObjectPtr<GMimeMultipart> multipart(char const* subtype, std::string const& boundary_text) {
    GObjectPtr<GMimeMultipart> made(g_mime_multipart_new_with_subtype(subtype));
    g_mime_multipart_set_boundary(made.get(), boundary_text.c_str());
    return made;
}

template <class T>
void add(GObjectPtr<GMimeMultipart> const& parent, GObjectPtr<T> const& child) {
    g_mime_multipart_add(parent.get(), GMIME_OBJECT(child.get()));
}

GObjectPtr<GMimeMultipart> body(MimeHead const& head, LetterText const& letter) {
    auto alternative = multipart("alternative", boundary(head.message_id, "a"));
    add(alternative, text_part("plain", letter.text));
    add(alternative, text_part("html", letter.html));
    if (letter.ics.empty()) return alternative;
    add(alternative, calendar_part(letter));
    auto mixed = multipart("mixed", boundary(head.message_id, "m"));
    add(mixed, alternative);
    add(mixed, attachment(letter));
    return mixed;
}

void set_header(GMimeMessage* message, char const* name, std::string const& value) {
    g_mime_object_set_header(GMIME_OBJECT(message), name, value.c_str(), nullptr);
}

// `value` is raw: encoded and folded by header_text.hpp.
void set_raw_header(GMimeMessage* message, char const* name, std::string const& value) {
    set_header(message, name, "x");
    GMimeHeaderList* headers = g_mime_object_get_header_list(GMIME_OBJECT(message));
    g_mime_header_set_raw_value(g_mime_header_list_get_header(headers, name), (' ' + value + '\n').c_str());
}

void set_mailbox(GMimeMessage* message, std::string const& name, Mailbox const& mailbox) {
    set_raw_header(message, name.c_str(), header_mailbox(mailbox.name, mailbox.address, name.size() + 2));
}

void set_head(GMimeMessage* message, MimeHead const& head) {
    const std::unique_ptr<GDateTime, DateFree> date(g_date_time_new_from_unix_utc(head.date.time_since_epoch().count()));
    if (!date) throw std::logic_error("a mail's date is out of range");
    g_mime_message_set_date(message, date.get());
    set_mailbox(message, "From", head.from);
    if (head.reply_to) set_mailbox(message, "Reply-To", *head.reply_to);
    set_mailbox(message, "To", head.to);
    set_raw_header(message, "Subject", header_text(head.subject, 9));
    g_mime_message_set_message_id(message, head.message_id.c_str());
    if (!head.in_reply_to.empty()) {
        set_header(message, "In-Reply-To", '<' + head.in_reply_to + '>');
        set_header(message, "References", '<' + head.in_reply_to + '>');
    }
    // RFC 3834 §5; not "All", which would suppress bounces too (MS-OXCMAIL 2.1.3.2.20).
    set_header(message, "Auto-Submitted", "auto-generated");
    set_header(message, "X-Auto-Response-Suppress", "OOF, AutoReply");
    set_header(message, "Content-Language", head.language);
    if (!head.list_unsubscribe_url.empty()) {
        set_header(message, "List-Unsubscribe", '<' + head.list_unsubscribe_url + '>');
        set_header(message, "List-Unsubscribe-Post", "List-Unsubscribe=One-Click");
    }
}

}  // namespace

std::string mime_text(MimeHead const& head, LetterText const& letter) {
    start_gmime();
    GObjectPtr<GMimeMessage> message(g_mime_message_new(FALSE));
    set_head(message.get(), head);
    const auto content = body(head, letter);
    g_mime_message_set_mime_part(message.get(), GMIME_OBJECT(content.get()));
    g_mime_object_set_header(GMIME_OBJECT(message.get()), "MIME-Version", "1.0", nullptr);

    const std::unique_ptr<GMimeFormatOptions, FormatFree> format(g_mime_format_options_new());
    g_mime_format_options_set_newline_format(format.get(), GMIME_NEWLINE_FORMAT_DOS);
    GObjectPtr<GMimeStream> out(g_mime_stream_mem_new());
    if (g_mime_object_write_to_stream(GMIME_OBJECT(message.get()), format.get(), out.get()) < 0) {
        throw std::runtime_error("GMime could not write a mail");
    }
    const GByteArray* bytes = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(out.get()));
    return {reinterpret_cast<char const*>(bytes->data), bytes->len};
}

std::vector<std::string> faults_of_mail(std::string_view bytes) {
    std::vector<std::string> faults;
    std::size_t line = 0, longest = 0;
    bool eight_bit = false, bare = false, nul = false;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        const char c = bytes[i];
        if (c == '\r' && i + 1 < bytes.size() && bytes[i + 1] == '\n') {
            longest = std::max(longest, line);
            line = 0;
            ++i;
            continue;
        }
        bare = bare || c == '\r' || c == '\n';
        nul = nul || c == '\0';
        eight_bit = eight_bit || static_cast<unsigned char>(c) >= 0x80;
        ++line;
    }
    longest = std::max(longest, line);
    if (bare) faults.emplace_back("a CR or LF stands alone");
    if (nul) faults.emplace_back("a NUL is in it");
    if (eight_bit) faults.emplace_back("it is not 7-bit");
    if (longest > 998) faults.push_back("a line has " + std::to_string(longest) + " octets");
    if (!bytes.ends_with("\r\n")) faults.emplace_back("the last line does not end");
    return faults;
}

}  // namespace convoke::notifications
