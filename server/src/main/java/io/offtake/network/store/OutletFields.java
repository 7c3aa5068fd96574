package io.offtake.network.store;

import io.offtake.access.Caller;
import io.offtake.governance.Masters;
import io.offtake.network.OutletEdits;
import io.offtake.network.store.Outlets.OutletForm;
import io.offtake.platform.IfMatch;
import io.offtake.platform.ProblemCode;
import io.offtake.platform.ProblemException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Map;
import java.util.TreeSet;
import java.util.UUID;
import org.springframework.stereotype.Component;

/// Merges edits through the master itself, so that its checks and its history hold for them as well.
@Component
class OutletFields implements OutletEdits {
    private static final int TRIES = 5;

    private final Masters masters;
    private final Outlets outlets;

    OutletFields(Masters masters, Outlets outlets) {
        this.masters = masters;
        this.outlets = outlets;
    }

    private record Present(OutletForm form, int version) {}

    @Override
    public Result edit(Caller caller, UUID outletId, Map<String, String> fields, Instant effective, Map<String, Instant> known) {
        for (int tried = 1; ; tried++) {
            var present = masters.get(caller, outlets, outletId.toString(), OutletFields::present);
            var older = new TreeSet<String>();
            for (var field : fields.keySet()) if (known.containsKey(field) && known.get(field).isAfter(effective)) older.add(field);
            for (var entry : masters.history(caller, outlets, outletId.toString())) {
                if (!entry.at().isAfter(effective) || !(entry.details().get("before") instanceof Map<?, ?> before)) continue;
                // what an edit of this kind has changed counts from when it was made, not from when it arrived
                fields.keySet().stream().filter(field -> before.containsKey(field) && !known.containsKey(field)).forEach(older::add);
            }
            var applied = new TreeSet<>(fields.keySet());
            applied.removeAll(older);
            var next = with(present.form, fields, applied);
            if (next.equals(present.form)) return new Result(present.version, applied, older);
            try {
                var saved = masters.change(caller, outlets, outletId.toString(), new IfMatch(present.version), next);
                return new Result(saved.version(), applied, older);
            } catch (ProblemException refusal) {
                if (refusal.problem().code() != ProblemCode.STALE || tried == TRIES) throw refusal;
            }
        }
    }

    private static OutletForm with(OutletForm form, Map<String, String> fields, java.util.Set<String> applied) {
        return new OutletForm(form.id(), form.distributorId(), form.platformOutletId(), form.code(), pick("name", form.name(), fields, applied), pick("nameLocal", form.nameLocal(), fields, applied),
                form.channel(), pick("outletClass", form.outletClass(), fields, applied), pick("outletGroup", form.outletGroup(), fields, applied), form.parent(), form.ownership(), form.beat(),
                form.gstin(), form.registration(), form.stateCode(), pick("address", form.address(), fields, applied), pick("city", form.city(), fields, applied),
                pick("pin", form.pin(), fields, applied), pick("phone", form.phone(), fields, applied), form.latitude(), form.longitude(), form.status());
    }

    private static String pick(String field, String before, Map<String, String> fields, java.util.Set<String> applied) {
        return applied.contains(field) ? fields.get(field) : before;
    }

    private static Present present(ResultSet row, int at) throws SQLException {
        return new Present(new OutletForm(row.getObject("id", UUID.class), row.getLong("distributor_id"), row.getObject("platform_outlet_id", UUID.class), row.getString("code"), row.getString("name"),
                row.getString("name_local"), row.getString("channel"), row.getString("outlet_class"), row.getString("outlet_group"), row.getString("parent"), row.getString("ownership"),
                row.getString("beat"), row.getString("gstin"), row.getString("registration"), row.getString("state_code"), row.getString("address"), row.getString("city"), row.getString("pin"),
                row.getString("phone"), row.getBigDecimal("latitude"), row.getBigDecimal("longitude"), row.getString("status")), row.getInt("version"));
    }
}
