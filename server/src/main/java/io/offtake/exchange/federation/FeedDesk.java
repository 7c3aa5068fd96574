package io.offtake.exchange.federation;

import io.offtake.access.Caller;
import io.offtake.access.Permission;
import io.offtake.exchange.federation.FeedViews.CodeMap;
import io.offtake.exchange.federation.FeedViews.Rerun;
import io.offtake.exchange.federation.FeedViews.Source;
import io.offtake.exchange.federation.FeedViews.Suggestion;
import io.offtake.exchange.federation.FeedViews.Waiting;
import io.offtake.platform.ListQuery;
import io.offtake.platform.ListSql;
import io.offtake.platform.Page;
import io.offtake.platform.Problem;
import io.offtake.platform.ProblemCode;
import io.offtake.platform.TenantTransaction;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/// Who sends what (FED-09), what codes stand for (INT-17), and the work queue of codes nobody has said that of (FED-10).
@Component
public class FeedDesk {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int SUGGESTED = 3;

    /// What one code stands for.
    ///
    /// @param kind       OUTLET or SKU
    /// @param targetCode of the outlet or SKU here
    /// @param principal  code of the SKU's principal, where several have a SKU of that code
    public record Meaning(String kind, String externalId, String targetCode, @Nullable String principal) {}

    private static final ListSql WAITING = ListSql.of("""
            select r.distributor_id || '/' || r.source_system || '/' || u.kind || '/' || u.code as id, r.distributor_id, r.source_system, u.kind, u.code as external_id, count(*)::integer as records,
                   sum(r.value) as value, min(r.recorded_at) as first_seen, max(r.body) as body
              from exchange.feed_record r
             cross join lateral (values ('OUTLET', r.unknown_outlet), ('SKU', r.unknown_sku)) as u (kind, code)
             where r.distributor_id = any (:distributors) and r.state = 'QUARANTINED' and u.code is not null
               and not exists (select 1 from exchange.code_map m where m.distributor_id = r.distributor_id and m.source_system = r.source_system and m.kind = u.kind and m.external_id = u.code)
             group by r.distributor_id, r.source_system, u.kind, u.code""").key("id", ListSql.Type.TEXT).sortable("value", ListSql.Type.DECIMAL).sortable("records", ListSql.Type.LONG)
            .sortable("firstSeen", ListSql.Type.INSTANT).equal("distributorId", ListSql.Type.LONG).equal("kind", ListSql.Type.TEXT).search("external_id").order("-value");
    private static final ListSql MAPS = ListSql.of("""
            select m.distributor_id || '/' || m.source_system || '/' || m.kind || '/' || m.external_id as id, m.distributor_id, m.source_system, m.kind, m.external_id,
                   coalesce(o.code, s.code) as target_code, coalesce(o.name, s.name) as target_name, m.mapped_by, m.mapped_at
              from exchange.code_map m
              left join network.outlet o on o.distributor_id = m.distributor_id and o.id = m.outlet_id
              left join catalog.sku s on s.id = m.sku_id
             where m.distributor_id = any (:distributors)""").key("id", ListSql.Type.TEXT).sortable("mappedAt", ListSql.Type.INSTANT).equal("distributorId", ListSql.Type.LONG)
            .equal("kind", ListSql.Type.TEXT).equal("sourceSystem", ListSql.Type.TEXT).search("external_id", "target_code", "target_name").order("-mappedAt");

    private final TenantTransaction transactions;
    private final FeedStore store;
    private final Feeds feeds;
    private final Clock clock;

    FeedDesk(TenantTransaction transactions, FeedStore store, Feeds feeds, Clock clock) {
        this.transactions = transactions;
        this.store = store;
        this.feeds = feeds;
        this.clock = clock;
    }

    // ---- sources

    public Page<Source> sources(Caller caller) {
        caller.requireAny(Permission.FEED_READ, Permission.FEED_MAP);
        return Page.all(store.sources(caller.scope()).stream().map(FeedDesk::view).toList());
    }

    private static Source view(FeedStore.Source source) {
        return new Source(source.distributorId(), source.sourceSystem(), source.name(), source.types().stream().map(RecordType::code).toList(), source.cutOff().toString(), source.level(), source.activeFrom(), source.version());
    }

    /// Says that a distributor keeps a system, and what it sends by when. A repeat changes nothing.
    ///
    /// @throws io.offtake.platform.ProblemException INVALID, one entry per field
    public Source agree(Caller caller, long distributor, @Nullable String system, @Nullable String name, List<String> recordTypes, @Nullable String cutOffText, @Nullable String level,
                        @Nullable LocalDate activeFrom) {
        caller.require(Permission.FEED_AGREE, distributor);
        var problem = Problem.of(ProblemCode.INVALID, "The agreement is not complete.");
        int faults = 0;
        if (!String.valueOf(system).matches("[A-Za-z0-9][A-Za-z0-9 ._-]{0,39}")) {
            problem = problem.at("/sourceSystem", ProblemCode.INVALID, "is no name of a system", "letters, digits, blank . _ - and at most 40 characters");
            faults++;
        }
        var types = recordTypes.stream().filter(code -> RecordType.of(code).isPresent()).distinct().sorted().toList();
        if (types.isEmpty() || types.size() != recordTypes.size()) {
            problem = problem.at("/recordTypes", ProblemCode.INVALID, "names what is not taken in", Arrays.stream(RecordType.values()).map(RecordType::code).toList());
            faults++;
        }
        LocalTime cutOff = LocalTime.of(8, 0);
        try {
            if (cutOffText != null) cutOff = LocalTime.parse(cutOffText);
        } catch (DateTimeException _) {
            problem = problem.at("/cutOff", ProblemCode.INVALID, "is no time of day", "08:00");
            faults++;
        }
        if (!List.of("BRONZE", "SILVER", "GOLD").contains(String.valueOf(level))) {
            problem = problem.at("/level", ProblemCode.INVALID, "is no level", List.of("BRONZE", "SILVER", "GOLD"));
            faults++;
        }
        if (activeFrom == null) {
            problem = problem.at("/activeFrom", ProblemCode.INVALID, "is missing", "the first day that is expected");
            faults++;
        }
        if (faults > 0) throw problem.exception();
        var by = cutOff;
        return transactions.write(distributor, db -> {
            db.sql("""
                    insert into exchange.feed_source as t (distributor_id, source_system, name, record_types, cut_off, level, active_from) values (:distributor, :system, :name, :types, :cutOff, :level, :from)
                    on conflict (distributor_id, source_system) do update set name = excluded.name, record_types = excluded.record_types, cut_off = excluded.cut_off, level = excluded.level,
                       active_from = excluded.active_from, version = t.version + 1
                     where (t.name, t.record_types, t.cut_off, t.level, t.active_from) is distinct from (excluded.name, excluded.record_types, excluded.cut_off, excluded.level, excluded.active_from)""")
                    .param("distributor", distributor).param("system", system).param("name", name == null || name.isBlank() ? system : name)
                    .param("types", String.join(",", types)).param("cutOff", by).param("level", level).param("from", activeFrom).update();
            return FeedStore.sources(db, List.of(distributor)).stream().filter(source -> source.sourceSystem().equals(system)).map(FeedDesk::view).findFirst().orElseThrow();
        });
    }

    // ---- code maps

    public Page<CodeMap> maps(Caller caller, ListQuery query) {
        caller.requireAny(Permission.FEED_READ, Permission.FEED_MAP);
        return transactions.read(caller.scope(), db -> MAPS.page(db, query, distributors(caller), CodeMap.class));
    }

    private static Map<String, ?> distributors(Caller caller) {
        return Map.of("distributors", caller.scope().distributors().toArray(Long[]::new));
    }

    /// Says what codes stand for, and runs what waited for them.
    ///
    /// @throws io.offtake.platform.ProblemException INVALID naming the codes that stand for nothing here
    public Rerun map(Caller caller, long distributor, String system, List<Meaning> meanings) {
        caller.require(Permission.FEED_MAP, distributor);
        transactions.write(distributor, db -> {
            if (FeedStore.lockSource(db, distributor, system).isEmpty()) {
                throw Problem.of(ProblemCode.INVALID, "The distributor keeps no system " + system + ".").at("/sourceSystem", ProblemCode.INVALID, "is not registered",
                        FeedStore.sources(db, List.of(distributor)).stream().map(FeedStore.Source::sourceSystem).toList()).exception();
            }
            var problem = Problem.of(ProblemCode.INVALID, "Some codes stand for nothing here.");
            int faults = 0;
            for (int at = 0; at < meanings.size(); at++) {
                var meaning = meanings.get(at);
                var pointer = meanings.size() == 1 ? "" : "/maps/" + at;
                if (meaning.externalId() == null || meaning.externalId().isBlank()) {
                    problem = problem.at(pointer + "/externalId", ProblemCode.INVALID, "is missing", "the code as the other system has it");
                    faults++;
                    continue;
                }
                var target = target(db, distributor, meaning);
                if (target == null) {
                    problem = problem.at(pointer + "/targetCode", ProblemCode.INVALID, "\"" + meaning.targetCode() + "\" is not known", "OUTLET".equals(meaning.kind()) ? "the code of an outlet of the distributor" : "the code of a SKU; kind is OUTLET or SKU");
                    faults++;
                    continue;
                }
                db.sql("""
                        insert into exchange.code_map (distributor_id, source_system, kind, external_id, outlet_id, sku_id, mapped_by, mapped_at) values (:distributor, :system, :kind, :external, :outlet, :sku, :by, :now)
                        on conflict (distributor_id, source_system, kind, external_id) do update set outlet_id = excluded.outlet_id, sku_id = excluded.sku_id, mapped_by = excluded.mapped_by, mapped_at = excluded.mapped_at""")
                        .param("distributor", distributor).param("system", system).param("kind", meaning.kind()).param("external", meaning.externalId().strip())
                        .param("outlet", target instanceof UUID id ? id : null).param("sku", target instanceof Long id ? id : null).param("by", caller.username())
                        .param("now", clock.instant().atOffset(ZoneOffset.UTC)).update();
            }
            if (faults > 0) throw problem.exception();
            return meanings.size();
        });
        return feeds.rerun(distributor, system);
    }

    private static @Nullable Object target(JdbcClient db, long distributor, Meaning meaning) {
        return switch (String.valueOf(meaning.kind())) {
            case "OUTLET" -> db.sql("select id from network.outlet where distributor_id = :distributor and code = :code").param("distributor", distributor).param("code", meaning.targetCode()).query(UUID.class).optional().orElse(null);
            case "SKU" -> db.sql("""
                    select s.id from catalog.sku s join network.principal p on p.id = s.principal_id
                     where s.code = :code and (:principal::text is null or p.code = :principal) and s.principal_id in (select principal_id from network.distributor_principal where distributor_id = :distributor)
                     order by s.id limit 1""").param("code", meaning.targetCode()).param("principal", meaning.principal()).param("distributor", distributor).query(Long.class).optional().orElse(null);
            default -> null;
        };
    }

    /// Runs the work queue of a distributor again.
    public Rerun rerun(Caller caller, long distributor) {
        caller.require(Permission.FEED_MAP, distributor);
        return feeds.rerun(distributor, null);
    }

    // ---- the work queue

    public Page<Waiting> waiting(Caller caller, ListQuery query) {
        caller.requireAny(Permission.FEED_READ, Permission.FEED_MAP);
        if (caller.scope().principals() != null) return Page.all(List.of());
        return transactions.read(caller.scope(), db -> {
            var page = WAITING.page(db, query, distributors(caller), (row, _) -> {
                var body = JSON.readTree(row.getString("body"));
                return new Waiting(row.getString("id"), row.getLong("distributor_id"), row.getString("source_system"), row.getString("kind"), row.getString("external_id"),
                        hint(row.getString("kind"), body), row.getInt("records"), row.getBigDecimal("value").toPlainString(), row.getObject("first_seen", OffsetDateTime.class).toInstant(), List.of());
            });
            return page.map(one -> new Waiting(one.id(), one.distributorId(), one.sourceSystem(), one.kind(), one.externalId(), one.hint(), one.records(), one.value(), one.firstSeen(), suggestions(db, one)));
        });
    }

    /// What the records say of a code beyond the code: a name or tax identity in the extension fields.
    private static @Nullable String hint(String kind, tools.jackson.databind.JsonNode body) {
        for (var name : kind.equals("OUTLET") ? List.of("x_outlet_name", "name", "buyer_tax_id") : List.of("x_sku_name", "gtin")) {
            if (!Fields.isAbsent(body.path(name))) return Fields.text(body.path(name));
        }
        return null;
    }

    private static List<Suggestion> suggestions(JdbcClient db, Waiting waiting) {
        var found = new ArrayList<Suggestion>();
        var code = plain(waiting.externalId());
        var hint = waiting.hint() == null ? "" : waiting.hint();
        var sql = waiting.kind().equals("OUTLET") ? """
                select o.id::text as id, o.code, o.name, case when o.gstin = :hint then 'same tax identity' when lower(o.name) = lower(:hint) then 'same name' else 'similar code' end as why
                  from network.outlet o
                 where o.distributor_id = :distributor and (o.gstin = :hint or lower(o.name) = lower(:hint) or lower(regexp_replace(o.code, '[^A-Za-z0-9]', '', 'g')) = :code)
                 order by o.code limit :most""" : """
                select s.id::text as id, s.code, s.name, case when lower(s.name) = lower(:hint) then 'same name' else 'similar code' end as why
                  from catalog.sku s
                 where s.principal_id in (select principal_id from network.distributor_principal where distributor_id = :distributor)
                   and (lower(s.name) = lower(:hint) or lower(regexp_replace(s.code, '[^A-Za-z0-9]', '', 'g')) = :code)
                 order by s.code limit :most""";
        found.addAll(db.sql(sql).param("distributor", waiting.distributorId()).param("hint", hint).param("code", code).param("most", SUGGESTED).query(Suggestion.class).list());
        return found;
    }

    private static String plain(String code) {
        return code.replaceAll("[^A-Za-z0-9]", "").toLowerCase(Locale.ROOT);
    }
}
