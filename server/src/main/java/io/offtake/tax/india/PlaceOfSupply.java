package io.offtake.tax.india;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Where a supply takes place, and which tax follows from it (IN-03, IN-04). Source: IGST Act 2017, s.7, 8, 10 and 12.
public final class PlaceOfSupply {
    /// Union territories without a legislature pay UTGST where States pay SGST; the amounts and ledgers are the same.
    private static final Set<String> UNION_TERRITORIES = Set.of("04", "26", "31", "35", "38", "97");

    private PlaceOfSupply() {}

    /// A supply, as far as its place depends on it. States are two-digit codes; absent ones null.
    public sealed interface Supply {
        /// s.10(1)(a) and (ca): goods that are moved to the buyer.
        ///
        /// @param endState      where the movement ends
        /// @param buyerState    the State of the address on the invoice
        record Moved(String sellerState, @Nullable String endState, boolean buyerRegistered, @Nullable String buyerState) implements Supply {}

        /// s.10(1)(b): delivered to somebody else on the direction of a third person, whose principal place it is.
        record BillToShipTo(String billToState) implements Supply {}

        /// s.10(1)(c): goods that stay where they are, such as a counter sale.
        record AtRest(String whereTheyAre) implements Supply {}

        /// s.12(2): display, promotion and other services.
        record Service(String sellerState, boolean buyerRegistered, @Nullable String buyerState) implements Supply {}
    }

    /// @param rule the clause that decided, for people
    public record Place(String state, String rule) {}

    public static Place of(Supply supply) {
        return switch (supply) {
            case Supply.Moved moved -> {
                if (!moved.buyerRegistered) yield moved.buyerState == null ? new Place(moved.sellerState, "s.10(1)(ca): no address on record, so the supplier's State")
                        : new Place(moved.buyerState, "s.10(1)(ca): address of the unregistered buyer on the invoice");
                if (moved.endState != null) yield new Place(moved.endState, "s.10(1)(a): where the movement ends");
                yield new Place(moved.buyerState == null ? moved.sellerState : moved.buyerState, "s.10(1)(a): the buyer's place");
            }
            case Supply.BillToShipTo third -> new Place(third.billToState, "s.10(1)(b): principal place of the person who directed the delivery");
            case Supply.AtRest rest -> new Place(rest.whereTheyAre, "s.10(1)(c): where the goods are");
            case Supply.Service service -> service.buyerState == null ? new Place(service.sellerState, "s.12(2)(b): no address on record, so the supplier's place")
                    : new Place(service.buyerState, service.buyerRegistered ? "s.12(2)(a): the recipient's registration" : "s.12(2)(b): the recipient's address on record");
        };
    }

    /// Whether IGST is due: another State, or an SEZ unit or developer (s.7(5)).
    public static boolean isInterState(String sellerState, String placeOfSupply, boolean sez) {
        return sez || !sellerState.equals(placeOfSupply);
    }

    /// What the State's half is called there.
    public static String stateHead(String state) {
        return UNION_TERRITORIES.contains(state) ? "UTGST" : "SGST";
    }
}
