package io.offtake.schemes.domain;

import io.offtake.governance.Texts;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A trade offer as people write it: one of three mechanics (PX-20), for whom, on what, from when to when (SCH-04).
/// Codes stand for SKUs, brands, categories and the principal.
///
/// @param mechanic              M1 discount, M2 whole slab, M4 free goods
/// @param stage                 CONTRACT, LINE, GROUP, BILL or FREE_GOODS (PX-21); null: what the mechanic is usually
/// @param skus                  with `brands` and `categories`: what it counts; none of the three: every SKU of the principal
/// @param stacking              CASCADE works on what earlier stages left, ADDITIVE on gross (PX-23)
/// @param exclusionGroup        at most one scheme of a group applies to a line (PX-22)
/// @param choice                BEST_FOR_OUTLET or PRIORITY
/// @param principalSharePercent what the principal pays of the benefit (PX-28)
/// @param claimRate             PTS, PTR or COST: what a free unit is worth in a claim (PX-27)
/// @param rewardType            M1: PERCENT, PER_UNIT or FIXED
/// @param basis                 M2: BASE_QTY, GROSS_VALUE or NET_VALUE
/// @param freeTax               M4: ZERO_PRICED or SINGLE_PRICE_ALLOCATED; has no default, tax decides it (EX-11)
/// @param ifShort               M4: REFUSE or VALUE_AT_PTR
public record SchemeForm(String code, String name, String principal, String mechanic, @Nullable LocalDate validFrom, @Nullable LocalDate validTo, String stage,
                         List<String> skus, List<String> brands, List<String> categories, List<String> excludedSkus,
                         List<String> channels, List<String> classes, List<String> groups, List<UUID> outletIds, List<String> paymentModes, List<String> saleTypes,
                         List<String> registrations, String stacking, @Nullable String exclusionGroup, String choice, @Nullable Integer priority,
                         @Nullable BigDecimal principalSharePercent, @Nullable Boolean claimable, String claimRate,
                         @Nullable String rewardType, @Nullable BigDecimal rewardValue,
                         @Nullable String basis, List<SchemeSlab> slabs,
                         @Nullable BigDecimal buy, @Nullable BigDecimal get, @Nullable Boolean repeat, @Nullable Boolean inside, @Nullable String rewardSku, @Nullable BigDecimal capPerInvoice,
                         @Nullable String freeTax, @Nullable String ifShort) {
    public SchemeForm {
        code = Texts.of(code);
        name = Texts.of(name);
        principal = Texts.of(principal);
        mechanic = Texts.of(mechanic);
        stage = Texts.or(stage, mechanic.equals("M4") ? "FREE_GOODS" : "LINE");
        skus = codes(skus);
        brands = codes(brands);
        categories = codes(categories);
        excludedSkus = codes(excludedSkus);
        channels = codes(channels);
        classes = codes(classes);
        groups = codes(groups);
        outletIds = outletIds == null ? List.of() : outletIds.stream().distinct().sorted().toList();
        paymentModes = codes(paymentModes);
        saleTypes = codes(saleTypes);
        registrations = codes(registrations);
        stacking = Texts.or(stacking, "CASCADE");
        exclusionGroup = Texts.orNull(exclusionGroup);
        choice = Texts.or(choice, "BEST_FOR_OUTLET");
        principalSharePercent = principalSharePercent == null ? new BigDecimal(100) : principalSharePercent;
        priority = priority == null ? 100 : priority;
        claimable = claimable == null || claimable;
        repeat = repeat != null && repeat;
        inside = inside != null && inside;
        claimRate = Texts.or(claimRate, "PTS");
        rewardType = Texts.orNull(rewardType);
        basis = Texts.orNull(basis);
        slabs = slabs == null ? List.of() : List.copyOf(slabs);
        rewardSku = Texts.orNull(rewardSku);
        freeTax = Texts.orNull(freeTax);
        ifShort = Texts.orNull(ifShort);
    }

    private static List<String> codes(@Nullable List<String> codes) {
        return codes == null ? List.of() : codes.stream().map(Texts::of).filter(code -> !code.isEmpty()).distinct().sorted().toList();
    }
}
