#include "service/domain/community_codec.hpp"

#include "service/core/ids.hpp"
#include "service/domain/country.hpp"
#include "service/domain/email_address.hpp"
#include "service/domain/json_fields.hpp"
#include "service/domain/language.hpp"

#include <boost/json/array.hpp>

#include <set>

namespace convoke::domain {
namespace {

constexpr TextRules one_line{.required = true, .blank_allowed = false};
constexpr TextRules free_text{.required = false};

void add_fault(JsonFields& fields, std::string_view name, Failure const& failure) {
    fields.fault(name, failure.code, failure.detail);
}

// A text through one of the domain's parsers: "ie" becomes "IE". Empty and absent ones stay empty.
template <class Parse>
std::string parsed(JsonFields& fields, std::string_view name, Parse parse) {
    auto const text = fields.text(name);
    if (!text || text->empty()) return {};
    auto value = parse(*text);
    if (value) return *value;
    add_fault(fields, name, value.error());
    return {};
}

result<std::string> parse_zone(std::string_view text) {
    CONVOKE_CHECK(calendar::check_zone(text));
    return std::string(text);
}

std::string slug_in(JsonFields& fields) {
    auto slug = fields.text("slug", {.required = true, .blank_allowed = false, .max_length = 64});
    if (slug && !is_slug(*slug))
        fields.fault("slug", errc::invalid_value,
                     "a slug is made of lower-case letters, digits and hyphens between them, like 'cop-mi'");
    return slug.value_or("");
}

void add_times(boost::json::object& json, sys_seconds created, sys_seconds updated) {
    json["created"] = calendar::format_instant(created);
    json["updated"] = calendar::format_instant(updated);
}

boost::json::object with_id(std::int64_t id, boost::json::object const& rest) {
    boost::json::object json{{"id", core::format_id(id)}};
    for (auto const& member : rest) json.insert(member);
    return json;
}

void decode_objectives(JsonFields& fields, Programme& programme, Faults& faults) {
    std::set<std::string> codes;
    auto const code_in = [&](JsonFields& inner) {
        auto const code = inner.text("code", {.required = true, .blank_allowed = false, .max_length = 40});
        if (code && !codes.insert(*code).second)
            inner.fault("code", errc::invalid_value, "two objectives or topics of a programme must not share a code");
        return code.value_or("");
    };
    fields.objects("objectives", 50, [&](boost::json::object const& object, std::string const& pointer) {
        JsonFields inner(object, pointer, faults);
        Objective objective;
        objective.code = code_in(inner);
        objective.title = inner.text("title", {.required = true, .blank_allowed = false, .max_length = 500}).value_or("");
        inner.objects("topics", 100, [&](boost::json::object const& topic_object, std::string const& topic_pointer) {
            JsonFields innermost(topic_object, topic_pointer, faults);
            Topic topic;
            topic.code = code_in(innermost);
            topic.title = innermost.text("title", {.required = true, .blank_allowed = false, .max_length = 500}).value_or("");
            innermost.finish();
            objective.topics.push_back(std::move(topic));
        });
        inner.finish();
        programme.objectives.push_back(std::move(objective));
    });
}

boost::json::array encode_texts(std::vector<std::string> const& texts) {
    boost::json::array out;
    for (auto const& text : texts) out.emplace_back(text);
    return out;
}

}  // namespace

bool is_slug(std::string_view text) {
    if (text.empty() || text.size() > 64 || text.front() == '-' || text.back() == '-') return false;
    if (text.find("--") != std::string_view::npos) return false;
    return std::all_of(text.begin(), text.end(),
                       [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; });
}

result<Community> decode_community(boost::json::object const& json) {
    Faults faults;
    JsonFields fields(json, "", faults);
    Community community;
    community.slug = slug_in(fields);
    community.name = fields.text("name", one_line).value_or("");
    if (fields.text("timeZone", one_line)) community.time_zone = parsed(fields, "timeZone", parse_zone);
    community.language = parsed(fields, "language", parse_language);
    if (community.language.empty()) community.language = "en";
    community.contact_email = parsed(fields, "contactEmail", normalise_email_address);
    fields.finish();
    if (!faults.empty()) return Failure(std::move(faults));
    return community;
}

boost::json::object encode_community(Community const& community) {
    return {{"slug", community.slug},
            {"name", community.name},
            {"timeZone", community.time_zone},
            {"language", community.language},
            {"contactEmail", community.contact_email}};
}

boost::json::object community_to_json(Community const& community) {
    auto json = with_id(community.id, encode_community(community));
    add_times(json, community.created, community.updated);
    return json;
}

result<Member> decode_member(boost::json::object const& json) {
    Faults faults;
    JsonFields fields(json, "", faults);
    Member member;
    // Read without the rules for texts: the address has rules, and faults, of its own.
    if (auto const* email = fields.raw("email"); !email || email->is_null()) {
        fields.fault("email", errc::required, "'email' is required");
    } else if (!email->is_string()) {
        fields.fault("email", errc::wrong_type, "an e-mail address is wanted here, as a text");
    } else if (auto address = normalise_email_address(std::string_view(email->get_string())); address) {
        member.email = *address;
    } else {
        add_fault(fields, "email", address.error());
    }
    member.name = fields.text("name", free_text).value_or("");
    member.organisation = fields.text("organisation", free_text).value_or("");
    member.category = fields.text("category", free_text).value_or("");
    member.country = parsed(fields, "country", parse_country);
    member.language = parsed(fields, "language", parse_language);
    member.time_zone = parsed(fields, "timeZone", parse_zone);
    member.role = fields.one_of("role", {"member", "chair", "organiser"}).value_or("member");
    fields.finish();
    if (!faults.empty()) return Failure(std::move(faults));
    return member;
}

boost::json::object encode_member(Member const& member) {
    return {{"email", member.email},       {"name", member.name},         {"organisation", member.organisation},
            {"category", member.category}, {"country", member.country},   {"language", member.language},
            {"timeZone", member.time_zone}, {"role", member.role}};
}

boost::json::object member_to_json(Member const& member) {
    auto json = with_id(member.id, encode_member(member));
    add_times(json, member.created, member.updated);
    return json;
}

result<WorkingGroup> decode_working_group(boost::json::object const& json) {
    Faults faults;
    JsonFields fields(json, "", faults);
    WorkingGroup group;
    group.slug = slug_in(fields);
    group.name = fields.text("name", one_line).value_or("");
    fields.finish();
    if (!faults.empty()) return Failure(std::move(faults));
    return group;
}

boost::json::object encode_working_group(WorkingGroup const& group) {
    return {{"slug", group.slug}, {"name", group.name}};
}

boost::json::object working_group_to_json(WorkingGroup const& group) {
    return with_id(group.id, encode_working_group(group));
}

result<Programme> decode_programme(boost::json::object const& json) {
    Faults faults;
    JsonFields fields(json, "", faults);
    Programme programme;
    programme.title = fields.text("title", one_line).value_or("");
    programme.period = fields.text("period", {.max_length = 40}).value_or("");
    decode_objectives(fields, programme, faults);
    fields.objects("outputs", 200, [&](boost::json::object const& object, std::string const& pointer) {
        JsonFields inner(object, pointer, faults);
        Output output;
        output.type = inner.text("type", {.max_length = 100}).value_or("");
        output.title = inner.text("title", {.required = true, .blank_allowed = false, .max_length = 500}).value_or("");
        output.due = inner.text("due", {.max_length = 100}).value_or("");
        output.topics = inner.texts("topics", 50, {.blank_allowed = false, .max_length = 40});
        inner.finish();
        programme.outputs.push_back(std::move(output));
    });
    fields.finish();
    if (!faults.empty()) return Failure(std::move(faults));
    return programme;
}

boost::json::object encode_programme(Programme const& programme) {
    boost::json::array objectives;
    for (auto const& objective : programme.objectives) {
        boost::json::array topics;
        for (auto const& topic : objective.topics)
            topics.push_back(boost::json::object{{"code", topic.code}, {"title", topic.title}});
        objectives.push_back(boost::json::object{
            {"code", objective.code}, {"title", objective.title}, {"topics", std::move(topics)}});
    }
    boost::json::array outputs;
    for (auto const& output : programme.outputs)
        outputs.push_back(boost::json::object{{"type", output.type},
                                              {"title", output.title},
                                              {"due", output.due},
                                              {"topics", encode_texts(output.topics)}});
    return {{"title", programme.title},
            {"period", programme.period},
            {"objectives", std::move(objectives)},
            {"outputs", std::move(outputs)}};
}

boost::json::object programme_to_json(Programme const& programme) {
    auto json = with_id(programme.id, encode_programme(programme));
    add_times(json, programme.created, programme.updated);
    return json;
}

}  // namespace convoke::domain
