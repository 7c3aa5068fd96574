package io.offtake.pricing.app;

import io.offtake.access.Caller;
import io.offtake.access.Permission;
import io.offtake.catalog.CatalogRelations;
import io.offtake.governance.AuditChain;
import io.offtake.governance.AuditTrail;
import io.offtake.governance.ChangeRequests;
import io.offtake.governance.ChangeSteps;
import io.offtake.governance.ConfigVersions;
import io.offtake.governance.Fault;
import io.offtake.governance.Finding;
import io.offtake.governance.Masters;
import io.offtake.platform.IfMatch;
import io.offtake.platform.Problem;
import io.offtake.platform.ProblemCode;
import io.offtake.platform.TenantTransaction;
import io.offtake.rules.RuleBook;
import io.offtake.tax.Taxes;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Clock;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Publishes a draft price list (domain/02 section 2.13) by change request, and makes the next version of a published one.
@Component
public class Publishing implements ChangeSteps {
    private static final String PUBLISH = "PUBLISH";
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final BigDecimal TWENTY = new BigDecimal(20);
    private static final int FAULTS_TOLD = 50;

    private final TenantTransaction transactions;
    private final ObjectProvider<ChangeRequests> changes;
    private final Taxes taxes;
    private final AuditChain chain;
    private final ConfigVersions versions;
    private final Clock clock;

    Publishing(TenantTransaction transactions, ObjectProvider<ChangeRequests> changes, Taxes taxes, AuditChain chain, ConfigVersions versions, Clock clock) {
        this.transactions = transactions;
        this.changes = changes;
        this.taxes = taxes;
        this.chain = chain;
        this.versions = versions;
        this.clock = clock;
    }

    private record Head(long id, String code, int versionNo, long principalId, int level, @Nullable Long distributorId, @Nullable String zone, @Nullable String channel,
                        @Nullable String outletClass, boolean taxInclusive, boolean mrpLinked, @Nullable BigDecimal marginPercent, @Nullable String marginBasis, @Nullable String priceUnit, LocalDate validFrom, @Nullable LocalDate validTo,
                        String status, int version) {
        /// Whether some outlet could be priced by both: each part of the key is equal, or missing in one of them.
        boolean meets(Head other) {
            return level == other.level && principalId == other.principalId && meet(distributorId, other.distributorId) && meet(zone, other.zone)
                    && meet(channel, other.channel) && meet(outletClass, other.outletClass);
        }

        private static boolean meet(@Nullable Object one, @Nullable Object other) {
            return one == null || other == null || one.equals(other);
        }
    }

    private record Line(long skuId, String sku, BigDecimal mrp, @Nullable BigDecimal price, String hsn, BigDecimal skuMrp, BigDecimal pts, long numerator, long denominator) {
        String name() {
            return sku + (mrp.signum() == 0 ? "" : " at MRP " + mrp);
        }

        /// Per base unit.
        BigDecimal base() {
            return price.multiply(BigDecimal.valueOf(denominator)).divide(BigDecimal.valueOf(numerator), 6, RoundingMode.HALF_UP);
        }
    }

    @Override
    public String kind() {
        return "price-lists";
    }

    /// Checks everything, all faults at once, and proposes the list as it stands for publication.
    ///
    /// @param reason why prices change by more than 20 %, if they do
    public ChangeRequests.Detail publish(Caller caller, long id, IfMatch version, @Nullable String reason) {
        caller.require(Permission.PRICE_WRITE);
        var why = reason == null || reason.isBlank() ? null : reason.strip();
        return transactions.write(AuditTrail.NETWORK, db -> {
            var head = head(db, caller, id);
            version.check(head.version);
            if (!head.status.equals("DRAFT")) throw state(head, "DRAFT");
            var before = previous(db, head);
            var faults = faults(db, head, before);
            if (why == null && before != null) changes(head, lines(db, id), lines(db, before.id)).forEach(text -> faults.add(new Fault("reason", ProblemCode.INVALID, text, "Give a reason for changes of more than 20 %")));
            if (!faults.isEmpty()) throw problem(head, faults).exception();
            var distributors = head.distributorId == null ? Set.<Long>of() : Set.of(head.distributorId);
            return changes.getObject().step(caller, Permission.PRICE_WRITE, kind(), PUBLISH, Long.toString(id), head.code + " version " + head.versionNo, content(db, head),
                    before == null ? null : content(db, before), AuditTrail.NETWORK, distributors, Set.of(head.principalId), head.validFrom, why == null ? "Publication of " + head.code + " version " + head.versionNo : why, true);
        });
    }

    private List<Fault> faults(JdbcClient db, Head head, @Nullable Head before) {
        var faults = new ArrayList<Fault>();
        var today = LocalDate.now(clock);
        if (head.validFrom.isBefore(today)) {
            faults.add(new Fault("validFrom", ProblemCode.VERSION_NOT_FUTURE, head.validFrom + " is in the past", "Today or later: prices never change backwards"));
        }
        var lines = lines(db, head.id);
        if (lines.isEmpty() && !head.mrpLinked) faults.add(new Fault("lines", ProblemCode.INVALID, "the list has no lines", "Add prices first"));
        checkPrices(db, head, lines, faults);
        checkTies(db, head, before, faults);
        return faults;
    }

    /// What is approved: everything that decides a price.
    private static ObjectNode content(JdbcClient db, Head head) {
        var node = JSON.createObjectNode();
        node.put("code", head.code).put("versionNo", head.versionNo).put("level", head.level).put("taxInclusive", head.taxInclusive).put("mrpLinked", head.mrpLinked).put("validFrom", head.validFrom.toString());
        if (head.distributorId != null) node.put("distributorId", head.distributorId);
        put(node, "zone", head.zone);
        put(node, "channel", head.channel);
        put(node, "outletClass", head.outletClass);
        put(node, "marginPercent", head.marginPercent == null ? null : head.marginPercent.stripTrailingZeros().toPlainString());
        put(node, "marginBasis", head.marginBasis);
        put(node, "priceUnit", head.priceUnit);
        put(node, "validTo", head.validTo == null ? null : head.validTo.toString());
        var lines = node.putArray("lines");
        for (var line : lines(db, head.id)) {
            var one = lines.addObject().put("key", line.name()).put("sku", line.sku);
            if (line.mrp.signum() > 0) one.put("mrp", line.mrp.toPlainString());
            if (line.price != null) one.put("price", line.price.stripTrailingZeros().toPlainString());
        }
        return node;
    }

    private static void put(ObjectNode node, String name, @Nullable String value) {
        if (value != null) node.put(name, value);
    }

    private static Head stored(JdbcClient db, String id) {
        return db.sql(HEAD + " where id = :id for update").param("id", Long.parseLong(id)).query(Head.class).single();
    }

    @Override
    public JsonNode present(JdbcClient db, String action, String targetId, JsonNode content) {
        return content(db, stored(db, targetId));
    }

    @Override
    public List<Finding> findings(JdbcClient db, String action, String targetId, JsonNode content) {
        var head = stored(db, targetId);
        var found = new ArrayList<Finding>();
        if (!head.status.equals("DRAFT")) found.add(Finding.error("FIELD", ProblemCode.ILLEGAL_STATE.name(), "status", "it is " + head.status, "Only a draft is published"));
        var before = previous(db, head);
        for (var fault : faults(db, head, before)) found.add(Finding.error(fault.wrong().startsWith("PX-01") ? "PRICE_TIE" : "FIELD", fault.code().name(), fault.field(), fault.wrong(), fault.right()));
        if (before != null) for (var text : changes(head, lines(db, head.id), lines(db, before.id))) found.add(Finding.warning("PRICE_CHANGE_LARGE", "domain/02 2.13", "lines", text, "Say why it changes by more than 20 %"));
        return found;
    }

    @Override
    public void enforce(JdbcClient db, Caller by, String action, String targetId, JsonNode content, String via) {
        var head = stored(db, targetId);
        var before = previous(db, head);
        int published = db.sql("update pricing.price_list set status = 'PUBLISHED', version = version + 1 where id = :id and status = 'DRAFT'").param("id", head.id).update();
        if (published != 1) throw state(head, "DRAFT");
        if (before != null) supersede(db, before, head.validFrom);
        versions.raise(part(head));
        append(by, "PUBLISHED", head.id, Map.of("key", head.code + " v" + head.versionNo, "validFrom", head.validFrom.toString(), "lines", content.path("lines").size(), "via", via));
    }

    @Override
    public boolean simulates(String action) {
        return action.equals(PUBLISH);
    }

    @Override
    public Consumer<ObjectNode> inBook(JdbcClient db, String action, String targetId, JsonNode content) {
        var head = stored(db, targetId);
        var lines = lines(db, head.id);
        return book -> {
            var seller = book.path("seller");
            boolean sold = false;
            for (var principal : book.path("principals")) sold |= principal.path("id").asString("").equals(Long.toString(head.principalId));
            if (!sold || (head.distributorId != null && !seller.path("distributorId").asString("").equals(head.distributorId.toString()))) return;
            if (head.level == 6 && !seller.path("zone").asString("").equals(String.valueOf(head.zone))) return;
            var kept = JSON.createArrayNode();
            for (var list : book.path("priceLists")) if (!list.path("code").asString("").equals(head.code)) kept.add(list);
            kept.add(asRules(head, lines, book));
            book.set("priceLists", kept);
        };
    }

    private static ObjectNode asRules(Head head, List<Line> lines, ObjectNode book) {
        int scale = book.path("currency").path("scale").asInt(2);
        var node = JSON.createObjectNode();
        node.put("id", Long.toString(head.id)).put("version", head.versionNo).put("code", head.code).put("level", RuleBook.Level.values()[head.level - 1].name()).put("taxInclusive", head.taxInclusive)
                .put("validFrom", book.path("validFrom").asInt()).put("validTo", book.path("validTo").asInt());
        var key = node.putObject("key");
        put(key, "channel", head.channel);
        put(key, "class", head.outletClass);
        if (head.level == 6) put(key, "zone", head.zone);
        if (head.mrpLinked && head.marginPercent != null) {
            node.putObject("mrpLink").put("margin", head.marginPercent.movePointLeft(2).stripTrailingZeros().toPlainString()).put("basis", String.valueOf(head.marginBasis)).put("decimals", 2);
        }
        var all = node.putArray("lines");
        for (var line : lines) {
            var one = all.addObject().put("skuId", Long.toString(line.skuId));
            if (line.mrp.signum() > 0) one.put("mrp", line.mrp.setScale(scale, RoundingMode.HALF_UP).toPlainString());
            if (line.price != null) one.put("price", line.price.stripTrailingZeros().setScale(Math.max(2, line.price.stripTrailingZeros().scale()), RoundingMode.UNNECESSARY).toPlainString());
            put(one, "unit", head.priceUnit);
        }
        return node;
    }

    /// Makes a draft of the next version with the lines of the latest one.
    /// @return its id
    public long nextVersion(Caller caller, long id, LocalDate validFrom, @Nullable LocalDate validTo) {
        caller.require(Permission.PRICE_WRITE);
        return transactions.write(AuditTrail.NETWORK, db -> {
            var head = head(db, caller, id);
            if (!head.status.equals("PUBLISHED")) throw state(head, "PUBLISHED");
            if (validTo != null && validTo.isBefore(validFrom)) {
                throw Problem.of(ProblemCode.INVALID).at("/validTo", ProblemCode.INVALID, "is before the first day").exception();
            }
            if (!validFrom.isAfter(head.validFrom)) {
                throw Problem.of(ProblemCode.VERSION_NOT_FUTURE, "The version in force began on " + head.validFrom + ".").at("/validFrom", ProblemCode.VERSION_NOT_FUTURE, "must be later than " + head.validFrom).exception();
            }
            var latest = db.sql("select max(version_no), bool_or(status = 'DRAFT') as has_draft from pricing.price_list where code = :code").param("code", head.code)
                    .query((row, _) -> Map.entry(row.getInt(1), row.getBoolean(2))).single();
            if (latest.getValue()) throw Problem.of(ProblemCode.DUPLICATE, head.code + " has a draft already: change or publish that one.").exception();
            long next = db.sql("""
                    insert into pricing.price_list (code, version_no, name, principal_id, level, distributor_id, zone, channel, outlet_class, price_type, tax_inclusive, mrp_linked,
                                                    margin_percent, margin_basis, price_unit, valid_from, valid_to, status)
                    select code, :next, name, principal_id, level, distributor_id, zone, channel, outlet_class, price_type, tax_inclusive, mrp_linked, margin_percent, margin_basis,
                           price_unit, :from, :to, 'DRAFT'
                      from pricing.price_list where id = :id returning id""")
                    .param("next", latest.getKey() + 1).param("from", validFrom).param("to", validTo).param("id", id).query(Long.class).single();
            db.sql("insert into pricing.price_list_line (price_list_id, sku_id, mrp, price) select :next, sku_id, mrp, price from pricing.price_list_line where price_list_id = :id")
                    .param("next", next).param("id", id).update();
            append(caller, "CREATED", next, Map.of("key", head.code + " v" + (latest.getKey() + 1), "validFrom", validFrom.toString(), "copiedFrom", head.code + " v" + head.versionNo));
            return next;
        });
    }

    private void append(Caller caller, String action, long id, Map<String, ?> details) {
        chain.append(AuditTrail.NETWORK, List.of(new AuditTrail.Entry(AuditTrail.NETWORK, clock.instant(), caller.username(), null, action, "price-lists", AuditChain.idOf(id), null,
                JSON.writeValueAsString(details))));
    }

    private static io.offtake.platform.ProblemException state(Head head, String accepted) {
        return Problem.of(ProblemCode.ILLEGAL_STATE, head.code + " version " + head.versionNo + " is " + head.status + ".").with("state", head.status).with("accepted", List.of(accepted)).exception();
    }

    private static final String HEAD = """
            select id, code, version_no, principal_id, level, distributor_id, zone, channel, outlet_class, tax_inclusive, mrp_linked, margin_percent, margin_basis, price_unit, valid_from, valid_to, status, version
              from pricing.price_list
            """;

    private static Head head(JdbcClient db, Caller caller, long id) {
        return db.sql(HEAD + """
                 where id = :id and (:principals::bigint[] is null or principal_id = any (:principals::bigint[]))
                   and (distributor_id is null or distributor_id = any (:distributors::bigint[]))
                   for update""").params(Masters.scope(caller.scope())).param("id", id).query(Head.class).optional().orElseThrow(() -> caller.notFound("price list"));
    }

    private static @Nullable Head previous(JdbcClient db, Head head) {
        return db.sql(HEAD + " where code = :code and status = 'PUBLISHED' order by version_no desc limit 1").param("code", head.code).query(Head.class).optional().orElse(null);
    }

    private static List<Line> lines(JdbcClient db, long id) {
        return db.sql("""
                select n.sku_id, s.code as sku, n.mrp, n.price, s.hsn, s.mrp as sku_mrp, s.pts, coalesce(u.numerator, case when l.price_unit is null or l.price_unit = s.base_unit then 1 else 0 end) as numerator,
                       coalesce(u.denominator, 1) as denominator
                  from pricing.price_list_line n
                  join pricing.price_list l on l.id = n.price_list_id
                  join\s""" + CatalogRelations.SKUS + """
                   s on s.id = n.sku_id
                  left join\s""" + CatalogRelations.UNITS + """
                   u on u.sku_id = n.sku_id and u.unit = l.price_unit
                 where n.price_list_id = :id
                 order by s.code, n.mrp""").param("id", id).query(Line.class).list();
    }

    /// PTS < PTR, and PTR with tax at most the MRP.
    private void checkPrices(JdbcClient db, Head head, List<Line> lines, List<Fault> faults) {
        var rates = taxes.rates(db, "IN_GST", head.validFrom, head.validFrom);
        for (var line : lines) {
            if (line.price == null) continue;
            if (line.numerator == 0) {
                faults.add(new Fault("lines", ProblemCode.INVALID, line.name() + " has no unit " + head.priceUnit, "Give the SKU that unit, or price the list by another"));
                continue;
            }
            var rate = rate(rates, line.hsn);
            if (rate == null) {
                faults.add(new Fault("lines", ProblemCode.TAX_MISSING, line.name() + ": no tax rate covers HSN " + line.hsn + " on " + head.validFrom, "Add the rate first"));
                continue;
            }
            var price = line.base();
            var withTax = head.taxInclusive ? price : price.multiply(BigDecimal.ONE.add(rate));
            var net = head.taxInclusive ? price.divide(BigDecimal.ONE.add(rate), 6, RoundingMode.HALF_UP) : price;
            var mrp = line.mrp.signum() == 0 ? line.skuMrp : line.mrp;
            if (withTax.compareTo(mrp) > 0) {
                faults.add(new Fault("lines", ProblemCode.PRICE_ABOVE_MRP, line.name() + ": " + withTax.setScale(2, RoundingMode.HALF_UP) + " with tax is above the MRP " + mrp,
                        "At most " + mrp.divide(BigDecimal.ONE.add(rate), 2, RoundingMode.DOWN) + " without tax"));
            }
            if (line.mrp.signum() == 0 && net.compareTo(line.pts) <= 0) {
                faults.add(new Fault("lines", ProblemCode.PRICE_BELOW_FLOOR, line.name() + ": " + net.stripTrailingZeros().toPlainString() + " is not above the PTS " + line.pts.stripTrailingZeros().toPlainString(), "More than the PTS"));
            }
        }
    }

    private static @Nullable BigDecimal rate(List<RuleBook.TaxRate> rates, String hsn) {
        RuleBook.TaxRate best = null;
        for (var rate : rates) if (hsn.startsWith(rate.hsn()) && (best == null || rate.hsn().length() > best.hsn().length())) best = rate;
        return best == null ? null : new BigDecimal(best.rate().toString()).add(new BigDecimal(best.cess().toString()));
    }

    /// Prices that change by more than 20 %.
    private static List<String> changes(Head head, List<Line> lines, List<Line> before) {
        var old = new HashMap<String, BigDecimal>();
        for (var line : before) if (line.price != null) old.put(line.skuId + " " + line.mrp.stripTrailingZeros(), line.price);
        var found = new ArrayList<String>();
        for (var line : lines) {
            var was = old.get(line.skuId + " " + line.mrp.stripTrailingZeros());
            if (was == null || line.price == null) continue;
            var percent = line.price.subtract(was).multiply(new BigDecimal(100)).divide(was, 1, RoundingMode.HALF_UP);
            if (percent.abs().compareTo(TWENTY) > 0) {
                found.add(line.name() + " changes by " + percent + " %, from " + was.stripTrailingZeros().toPlainString() + " to " + line.price.stripTrailingZeros().toPlainString());
            }
        }
        return found;
    }

    /// PX-01: inside a level the latest first day wins; two lists with the same first day for the same SKU and outlet are a tie.
    private static void checkTies(JdbcClient db, Head head, @Nullable Head before, List<Fault> faults) {
        var others = db.sql(HEAD + " where status = 'PUBLISHED' and level = :level and principal_id = :principal and valid_from = :from and id <> :id")
                .param("level", head.level).param("principal", head.principalId).param("from", head.validFrom).param("id", head.id).query(Head.class).list();
        for (var other : others) {
            if (!head.meets(other) || (before != null && before.id == other.id)) continue;
            var common = db.sql("""
                    select count(*) from pricing.price_list_line a join pricing.price_list_line b on b.sku_id = a.sku_id and b.mrp = a.mrp
                     where a.price_list_id = :one and b.price_list_id = :other""").param("one", head.id).param("other", other.id).query(Integer.class).single();
            if (common > 0 || (head.mrpLinked && other.mrpLinked)) {
                faults.add(new Fault("validFrom", ProblemCode.DUPLICATE, "PX-01: " + other.code + " version " + other.versionNo + " prices " + common + " of the same SKUs on the same level from the same day",
                        "Start on another day, or take the SKUs out of one of the lists"));
            }
        }
    }

    private static void supersede(JdbcClient db, Head before, LocalDate from) {
        if (before.validFrom.isBefore(from)) {
            if (before.validTo == null || !before.validTo.isBefore(from)) {
                db.sql("update pricing.price_list set valid_to = :end, version = version + 1 where id = :id").param("end", from.minusDays(1)).param("id", before.id).update();
            }
        } else {
            db.sql("update pricing.price_list set status = 'SUPERSEDED', version = version + 1 where id = :id").param("id", before.id).update();
        }
    }

    private static String part(Head head) {
        if (head.distributorId != null) return ConfigVersions.distributor(head.distributorId);
        return head.level == 6 && head.zone != null ? ConfigVersions.zone(head.zone) : ConfigVersions.NATIONAL;
    }

    private static Problem problem(Head head, List<Fault> faults) {
        var codes = faults.stream().map(Fault::code).distinct().toList();
        var problem = Problem.of(codes.size() == 1 ? codes.getFirst() : ProblemCode.INVALID, head.code + " version " + head.versionNo + " cannot be published: " + faults.size() + " faults.").rule("PX-01");
        for (var fault : faults.subList(0, Math.min(FAULTS_TOLD, faults.size()))) problem = problem.at("/" + fault.field(), fault.code(), fault.wrong() + ". " + fault.right() + ".", fault.right());
        return problem;
    }
}
