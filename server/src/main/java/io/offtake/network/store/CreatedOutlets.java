package io.offtake.network.store;

import io.offtake.access.Caller;
import io.offtake.governance.Masters;
import io.offtake.network.NewOutlets;
import io.offtake.network.store.Outlets.OutletForm;
import io.offtake.platform.Problem;
import io.offtake.platform.ProblemCode;
import io.offtake.platform.ProblemException;
import io.offtake.platform.TenantTransaction;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/// Creates outlets through the master itself, so that its checks and its history hold for those of devices as well.
@Component
class CreatedOutlets implements NewOutlets {
    private static final Pattern NUMBERED = Pattern.compile("(.*?)(\\d{1,9})");
    private static final int TRIES = 5;
    /// Fewer digits are no telephone by which shops could be told apart.
    private static final int PHONE_DIGITS = 8;

    private final Masters masters;
    private final Outlets outlets;
    private final TenantTransaction transactions;

    CreatedOutlets(Masters masters, Outlets outlets, TenantTransaction transactions) {
        this.masters = masters;
        this.outlets = outlets;
        this.transactions = transactions;
    }

    private record Kept(String code, String name, int version, @Nullable String gstin, String registration) {}

    @Override
    public Result create(Caller caller, long distributorId, UUID id, Form form) {
        var before = kept(distributorId, id);
        if (before != null && !before.name.equals(form.name().strip()))
            throw Problem.of(ProblemCode.ID_REUSED, "The id " + id + " belongs to the outlet " + before.code + ".").rule("OFF-06").at("/id", ProblemCode.ID_REUSED, "belongs to another outlet").exception();
        if (before == null) store(caller, distributorId, id, form);
        var now = before != null ? before : java.util.Objects.requireNonNull(kept(distributorId, id));
        return new Result(id, now.code, now.name, now.version, before == null, now.gstin, now.registration, alike(distributorId, id, form));
    }

    private void store(Caller caller, long distributorId, UUID id, Form form) {
        var code = form.code().strip();
        for (int tried = 1; ; tried++) {
            try {
                masters.create(caller, outlets, distributorId, id, new OutletForm(id, distributorId, null, code, form.name(), form.nameLocal(), form.channel(), form.outletClass(), null, null, null, form.beat(),
                        form.gstin(), form.registration(), form.stateCode(), form.address(), form.city(), form.pin(), form.phone(), null, null, null));
                return;
            } catch (ProblemException refusal) {
                if (refusal.problem().code() != ProblemCode.DUPLICATE || tried == TRIES) throw refusal;
                code = free(distributorId, code);
            }
        }
    }

    /// The next free code of the series that a code belongs to: `KT-O-0101` where `KT-O-0100` is the highest.
    private String free(long distributorId, String taken) {
        var match = NUMBERED.matcher(taken);
        var prefix = match.matches() ? match.group(1) : taken + "-";
        int width = match.matches() ? match.group(2).length() : 1;
        var highest = transactions.<Long>write(distributorId, db -> db.sql("""
                select coalesce(max(substr(code, :from)::bigint), 0) from network.outlet
                 where distributor_id = :distributor and left(code, :length) = :prefix and substr(code, :from) ~ '^[0-9]{1,9}$'""")
                .param("from", prefix.length() + 1).param("length", prefix.length()).param("prefix", prefix).param("distributor", distributorId).query(Long.class).single());
        var number = Long.toString(highest + 1);
        return prefix + "0".repeat(Math.max(0, width - number.length())) + number;
    }

    private @Nullable Kept kept(long distributorId, UUID id) {
        return transactions.<java.util.Optional<Kept>>write(distributorId, db -> db.sql("select code, name, version, gstin, registration from network.outlet where distributor_id = :distributor and id = :id")
                .param("distributor", distributorId).param("id", id)
                .query((row, at) -> new Kept(row.getString(1), row.getString(2), row.getInt(3), row.getString(4), row.getString(5))).optional()).orElse(null);
    }

    private List<Alike> alike(long distributorId, UUID id, Form form) {
        var digits = form.phone() == null ? "" : form.phone().replaceAll("\\D", "");
        var phone = digits.length() < PHONE_DIGITS ? "" : digits.substring(Math.max(0, digits.length() - 10));
        var gstin = form.gstin() == null ? "" : form.gstin().strip();
        if (phone.isEmpty() && gstin.isEmpty()) return List.of();
        return transactions.<List<Alike>>write(distributorId, db -> alike(db, distributorId, id, phone, gstin));
    }

    private static List<Alike> alike(JdbcClient db, long distributorId, UUID id, String phone, String gstin) {
        return db.sql("""
                select id, code, name, case when :gstin <> '' and gstin = :gstin then 'gstin' else 'phone' end, case when :gstin <> '' and gstin = :gstin then gstin else phone end
                  from network.outlet
                 where distributor_id = :distributor and id <> :id and status not in ('CLOSED', 'REJECTED')
                   and (:gstin <> '' and gstin = :gstin or :phone <> '' and right(regexp_replace(phone, '[^0-9]', '', 'g'), 10) = :phone)
                 order by code limit 5""").param("gstin", gstin).param("phone", phone).param("distributor", distributorId).param("id", id)
                .query((row, at) -> new Alike(row.getObject(1, UUID.class), row.getString(2), row.getString(3), row.getString(4), row.getString(5))).list();
    }
}
