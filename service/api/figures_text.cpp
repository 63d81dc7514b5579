#include "service/api/figures_text.hpp"

namespace convoke::api {

namespace {

double seconds_since(std::optional<calendar::sys_seconds> const& instant, calendar::sys_seconds now) {
    return instant ? static_cast<double>((now - *instant).count()) : 0;
}

std::uint64_t number(std::int64_t value) { return static_cast<std::uint64_t>(value); }

}  // namespace

void write_figures(core::MetricsText& text, usecases::Figures const& figures, calendar::sys_seconds now) {
    text.family("convoke_outbox_open", "gauge", "Mails and deliveries that are not done, by state and kind (counted up to 100000).");
    for (auto const& open : figures.open_mails) text.sample("", {{"state", open.state}, {"kind", open.kind}}, number(open.count));
    text.family("convoke_outbox_failed", "gauge", "Mails and deliveries that failed for good and are kept (counted up to 100000).");
    text.sample("", {{"lane", "mail"}}, number(figures.failed_mails));
    text.sample("", {{"lane", "webhook"}}, number(figures.failed_deliveries));
    text.gauge("convoke_mail_oldest_due_seconds", "How long the oldest due mail has been waiting; 0: none waits.", seconds_since(figures.oldest_due, now));
    text.gauge("convoke_outbox_lease_left_seconds", "Until the first lease held ends; negative: its holder is dead; 0: none is held.",
               -seconds_since(figures.oldest_lease, now));
    text.gauge("convoke_reminders_due", "Reminder times that have come and are not planned yet.", static_cast<double>(figures.reminders_due));
    text.gauge("convoke_reminder_next_seconds", "Until the next reminder time; negative: it has passed; 0: there is none.",
               -seconds_since(figures.next_reminder, now));
    text.family("convoke_webhooks", "gauge", "Webhooks by state.");
    text.sample("", {{"state", "active"}}, number(figures.webhooks_active));
    text.sample("", {{"state", "failing"}}, number(figures.webhooks_failing));
    text.sample("", {{"state", "paused"}}, number(figures.webhooks_paused));
    text.gauge("convoke_webhook_oldest_due_seconds", "How long the oldest due delivery has been waiting; 0: none waits.",
               seconds_since(figures.oldest_delivery, now));
    text.gauge("convoke_audit_lines", "Lines in the audit log's chain.", static_cast<double>(figures.chained_lines));
    text.gauge("convoke_audit_lines_waiting", "Lines of the audit log that are not chained yet.", static_cast<double>(figures.unchained_lines));
}

void write_store_figures(core::MetricsText& text, store::DatabaseStatistics const& statistics) {
    using Statistics = store::DatabaseStatistics;
    text.counter("convoke_store_writes_total", "Writing jobs that were committed.", statistics.writes);
    text.counter("convoke_store_reads_total", "Reading jobs.", statistics.reads);
    text.counter("convoke_store_refused_total", "Jobs that met a full queue.", statistics.refused);
    text.counter("convoke_store_reruns_total", "Groups that were rolled back and run again job by job.", statistics.reruns);
    text.family("convoke_store_queue", "gauge", "Jobs that wait.");
    text.sample("", {{"lane", "write"}}, std::uint64_t(statistics.queued_writes));
    text.sample("", {{"lane", "read"}}, std::uint64_t(statistics.queued_reads));
    text.family("convoke_store_group_jobs", "histogram", "Jobs of one commit.");
    text.histogram({}, Statistics::size_bounds, statistics.group_sizes, static_cast<double>(statistics.writes));
    text.family("convoke_store_commit_seconds", "histogram", "Time of one group from its first job to its commit on the disk.");
    text.histogram({}, Statistics::time_bounds, statistics.group_times, static_cast<double>(statistics.group_microseconds) / 1e6);
}

}  // namespace convoke::api
