package io.offtake.returns.domain;

import io.offtake.access.Role;
import io.offtake.governance.Policies;
import io.offtake.governance.PolicyKey;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The decisions of a return that need no database.
public final class ReturnRules {
    private ReturnRules() {}

    /// What a role approves where no row of `returns.approval-limit` says otherwise, in the distributor's currency: BC to ₹1,000, above it the owner, then the area's manager (domain/02 section 2.7).
    private static final Map<Role, BigDecimal> LIMITS = limits();

    private static Map<Role, BigDecimal> limits() {
        var limits = new LinkedHashMap<Role, BigDecimal>();
        limits.put(Role.BC, new BigDecimal("1000"));
        limits.put(Role.DO, new BigDecimal("10000"));
        limits.put(Role.ASM, new BigDecimal("100000"));
        limits.put(Role.RSM, new BigDecimal("99999999"));
        return limits;
    }

    /// What a role may approve on a day: the policy's row for the role, else the default.
    public static BigDecimal limitOf(Role role, List<Policies.Row> rows, LocalDate on) {
        BigDecimal found = null;
        for (var row : rows)
            if (row.key().equals(PolicyKey.RETURN_APPROVAL_LIMIT.key()) && row.scope().equals("ROLE") && row.scopeValue().equals(role.name()) && !row.validFrom().isAfter(on)
                    && (row.validTo() == null || !row.validTo().isBefore(on)))
                found = new BigDecimal(row.value());
        return found != null ? found : LIMITS.getOrDefault(role, BigDecimal.ZERO);
    }

    /// The most that one of the roles may approve. What the outlet does too often, or what belongs to no bill, is not for the billing clerk.
    public static BigDecimal limitOf(Collection<Role> roles, List<Policies.Row> rows, LocalDate on, Collection<String> flags) {
        var best = BigDecimal.ZERO;
        for (var role : roles) if (LIMITS.containsKey(role) && !(role == Role.BC && isDoubtful(flags))) best = best.max(limitOf(role, rows, on));
        return best;
    }

    /// RET-08: flags that a billing clerk does not decide on.
    public static boolean isDoubtful(Collection<String> flags) {
        return flags.contains("UNMATCHED") || flags.contains("OUTLET_RATIO") || flags.contains("OVER_WINDOW");
    }

    /// The roles whose limit covers a value, the lowest first.
    public static List<String> approvers(BigDecimal value, List<Policies.Row> rows, LocalDate on, Collection<String> flags) {
        var roles = new ArrayList<String>();
        for (var role : LIMITS.keySet()) if (limitOf(List.of(role), rows, on, flags).compareTo(value) >= 0) roles.add(role.name());
        return roles;
    }

    /// The day a window counts from; null if there is none.
    public static @Nullable LocalDate since(String timeLimit, @Nullable LocalDate billedOn, @Nullable LocalDate expiresOn) {
        return switch (timeLimit) {
            case "SALEABLE" -> billedOn;
            case "EXPIRY" -> expiresOn == null ? billedOn : expiresOn;
            default -> null;
        };
    }

    /// A name for people until there is a number: `R261126-7F3A`, from the day and the id's last digits.
    public static String reference(LocalDate on, java.util.UUID id) {
        var text = id.toString();
        return "R%02d%02d%02d-%s".formatted(on.getYear() % 100, on.getMonthValue(), on.getDayOfMonth(), text.substring(text.length() - 4).toUpperCase(java.util.Locale.ROOT));
    }
}
