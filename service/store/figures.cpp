#include "service/store/figures.hpp"

#include "service/store/change_log.hpp"
#include "service/store/instants.hpp"

namespace convoke::store {

namespace {

void count_open(Transaction& tx, std::string_view sql, std::string const& state, std::vector<OpenMails>& into) {
    for (Row const& row : tx.query(sql, {most_counted})) into.push_back({state, row.text(0), row.integer(1)});
}

std::optional<calendar::sys_seconds> first_instant(Rows const& rows) {
    if (rows.empty()) return std::nullopt;
    return maybe_instant(rows[0], 0);
}

}  // namespace

std::optional<calendar::sys_seconds> oldest_due_mail(Transaction& tx, calendar::sys_seconds now) {
    return first_instant(tx.query("SELECT due_at FROM outbox WHERE state = 'pending' AND webhook_id IS NULL AND due_at <= $1 ORDER BY due_at LIMIT 1",
                                  {seconds_of(now)}));
}

Figures read_figures(Transaction& tx, calendar::sys_seconds now) {
    Figures figures;
    count_open(tx, "SELECT kind, count(*) FROM (SELECT kind FROM outbox WHERE state = 'pending' AND webhook_id IS NULL LIMIT $1) AS open GROUP BY kind",
               "pending", figures.open_mails);
    count_open(tx, "SELECT kind, count(*) FROM (SELECT kind FROM outbox WHERE state = 'sending' LIMIT $1) AS open GROUP BY kind", "sending", figures.open_mails);
    for (Row const& row : tx.query("SELECT count(*), count(webhook_id) FROM (SELECT webhook_id FROM outbox WHERE state = 'failed' LIMIT $1) AS failed", {most_counted})) {
        figures.failed_deliveries = row.integer(1);
        figures.failed_mails = row.integer(0) - figures.failed_deliveries;
    }
    figures.oldest_due = oldest_due_mail(tx, now);
    figures.oldest_lease = first_instant(tx.query("SELECT lease_until FROM outbox WHERE state = 'sending' ORDER BY lease_until LIMIT 1"));
    figures.reminders_due = tx.query("SELECT count(*) FROM (SELECT 1 FROM event_reminder WHERE planned_at IS NULL AND due_at <= $1 LIMIT $2) AS due",
                                     {seconds_of(now), most_counted})[0]
                                .integer(0);
    figures.next_reminder = first_instant(tx.query("SELECT due_at FROM event_reminder WHERE planned_at IS NULL ORDER BY due_at LIMIT 1"));
    std::int64_t deliveries = 0;
    for (Row const& row : tx.query("SELECT w.state, w.failing_since, (SELECT o.due_at FROM outbox o WHERE o.webhook_id = w.id AND o.state = 'pending' "
                                   "AND o.due_at <= $1 ORDER BY o.due_at LIMIT 1), (SELECT count(*) FROM outbox p WHERE p.webhook_id = w.id AND p.state = 'pending' "
                                   "AND p.due_at >= 0) FROM webhook w",
                                   {seconds_of(now)})) {
        bool const paused = row.text(0) == "paused";
        ++(paused ? figures.webhooks_paused : row.is_null(1) ? figures.webhooks_active : figures.webhooks_failing);
        deliveries += row.integer(3);
        auto const due = maybe_instant(row, 2);
        if (!paused && due && (!figures.oldest_delivery || *due < *figures.oldest_delivery)) figures.oldest_delivery = due;
    }
    figures.open_mails.push_back({"pending", "webhook", deliveries});
    figures.unchained_lines = count_unchained(tx);
    figures.chained_lines = chain_head(tx).position;
    return figures;
}

}  // namespace convoke::store
