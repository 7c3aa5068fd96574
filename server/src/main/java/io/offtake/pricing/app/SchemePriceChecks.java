package io.offtake.pricing.app;

import io.offtake.governance.ChangeChecks;
import io.offtake.governance.Draft;
import io.offtake.governance.Finding;
import io.offtake.network.Sellers;
import io.offtake.pricing.RuleBookSource;
import io.offtake.rules.Engine;
import io.offtake.rules.Json;
import io.offtake.rules.Rate;
import io.offtake.rules.SchemeChecks;
import io.offtake.schemes.SchemePeriod;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/// The set-up checks of a scheme that need the rule book it will stand in (domain/04 section 4.4): prices, units, floors and the
/// other schemes of a distributor that sells the principal's goods.
@Component
class SchemePriceChecks implements ChangeChecks {
    private static final Rate REWARD_MAX = Rate.ofPercent("30");
    private static final Map<SchemeChecks.Code, String[]> TEXTS = Map.ofEntries(
            text(SchemeChecks.Code.PERIOD_EMPTY, "its last day is before the first", "A later last day"),
            text(SchemeChecks.Code.PRODUCTS_EMPTY, "it covers no SKU", "Name SKUs, brands or categories that have some"),
            text(SchemeChecks.Code.SLAB_OVERLAP, "slabs overlap", "End each slab before the next begins"),
            text(SchemeChecks.Code.SLAB_GAP, "between slabs is a gap", "Begin each slab where the one before ends"),
            text(SchemeChecks.Code.SLAB_GIVES_LESS, "a higher slab gives less than the one below it", "Give more, or leave the slab out"),
            text(SchemeChecks.Code.DEAD_ZONE, "dead zone: an outlet pays less for more", "Begin the slab later, or give each band its own rate"),
            text(SchemeChecks.Code.SLAB_UNREACHABLE, "no whole cases reach the slab", "Begin it at a multiple of the case"),
            text(SchemeChecks.Code.UNIT_UNKNOWN, "an SKU has no such unit", "Give the SKU the unit, or count in another"),
            text(SchemeChecks.Code.WEIGHT_MISSING, "an SKU has no weight", "Give the SKU its weight, or count in another unit"),
            text(SchemeChecks.Code.TAX_MODE_MISSING, "the tax treatment of free goods is missing", "ZERO_PRICED, SINGLE_PRICE_ALLOCATED or MIXED_SUPPLY (EX-11)"),
            text(SchemeChecks.Code.REWARD_TOO_HIGH, "the reward is worth more than 30 % of what earns it", "Give less, or say why it is meant"),
            text(SchemeChecks.Code.REWARD_UNKNOWN, "the SKU to be given is not sold here", "Give an SKU of the assortment"),
            text(SchemeChecks.Code.REWARD_NOT_PRICED, "the SKU to be given has no price, so its value is not known", "Price it first"),
            text(SchemeChecks.Code.BUNDLE_SAVES_NOTHING, "the bundle costs no less than its parts", "A lower price"),
            text(SchemeChecks.Code.BELOW_FLOOR, "the distributor's part takes the price below its floor (PX-05)", "Let the principal pay more, or give less"),
            text(SchemeChecks.Code.STACKING_CONFLICT, "it stacks otherwise than another scheme of its stage on the same SKUs (PX-23)", "Stack alike, or put both into one exclusion group"),
            text(SchemeChecks.Code.CHOICE_CONFLICT, "its exclusion group chooses otherwise (PX-22)", "One choice in one group"),
            text(SchemeChecks.Code.PERIOD_CROSSES_PRICE_REVISION, "prices change inside its period", "End it before the revision, and start a new version with the new prices"));

    private final RuleBookSource books;
    private final Sellers sellers;

    SchemePriceChecks(RuleBookSource books, Sellers sellers) {
        this.books = books;
        this.sellers = sellers;
    }

    private static Map.Entry<SchemeChecks.Code, String[]> text(SchemeChecks.Code code, String wrong, String right) {
        return Map.entry(code, new String[] {wrong, right});
    }

    @Override
    public String kind() {
        return "schemes";
    }

    @Override
    public List<Finding> findings(JdbcClient db, long distributorId, Draft<?> draft) {
        if (!(draft.form() instanceof SchemePeriod) || !(draft.found("definition") instanceof String definition) || !(draft.found("principalId") instanceof Long principal)) return List.of();
        var found = new ArrayList<Finding>();
        sellers.sellerOf(db, principal).ifPresent(seller -> {
            var engine = books.current(seller).engine();
            for (var one : SchemeChecks.check(engine, Json.object(definition), REWARD_MAX)) found.add(finding(engine, one));
        });
        if (found.stream().noneMatch(one -> one.code().equals(SchemeChecks.Code.PERIOD_CROSSES_PRICE_REVISION.name()))) found.addAll(revisions(db, (SchemePeriod) draft.form(), principal));
        return found;
    }

    private static Finding finding(Engine engine, SchemeChecks.Finding found) {
        var texts = TEXTS.getOrDefault(found.code(), new String[] {found.code().name(), "Change it"});
        var values = found.values().stream().map(value -> value.name() + " " + shown(engine, value.name(), value.value())).collect(Collectors.joining(", "));
        return new Finding(found.code().name(), "domain/04 4.4", found.severity() == SchemeChecks.Severity.BLOCK ? Finding.Severity.ERROR : Finding.Severity.WARNING, found.pointer().replaceFirst("^/", ""),
                texts[0] + (values.isEmpty() ? "" : ": " + values), texts[1]);
    }

    private static String shown(Engine engine, String name, String value) {
        if (name.equals("skuId") && engine.sku(value) != null) return engine.sku(value).code();
        return name.startsWith("valid") && value.matches("\\d{4,6}") ? LocalDate.ofEpochDay(Long.parseLong(value)).toString() : value;
    }

    /// Revisions that lie beyond the days of today's rule book.
    private static List<Finding> revisions(JdbcClient db, SchemePeriod scheme, long principal) {
        if (scheme.validFrom() == null || scheme.validTo() == null) return List.of();
        record Revision(String code, int versionNo, LocalDate validFrom) {}
        var found = new ArrayList<Finding>();
        db.sql("""
                        select code, version_no, valid_from from pricing.price_list
                         where principal_id = :principal and status = 'PUBLISHED' and valid_from > :from and valid_from <= :to order by valid_from, code limit 3""")
                .param("principal", principal).param("from", scheme.validFrom()).param("to", scheme.validTo()).query(Revision.class).list()
                .forEach(list -> found.add(Finding.warning(SchemeChecks.Code.PERIOD_CROSSES_PRICE_REVISION.name(), "domain/04 4.4", "validTo",
                        "prices change on " + list.validFrom() + " (" + list.code() + " version " + list.versionNo() + "), inside its period", "End it on " + list.validFrom().minusDays(1) + ", and start a new version with the new prices")));
        return found;
    }
}
