package io.offtake.rules;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// First expired, first out; first in, first out for goods without expiry tracking.
public final class Fefo {
    private static final Comparator<DecideCommand.Batch> BY_ARRIVAL = Comparator
            .comparingInt(DecideCommand.Batch::receivedOn)
            .thenComparing(batch -> batch.batchNo() == null ? "" : batch.batchNo())
            .thenComparing(DecideCommand.Batch::batchId);
    private static final Comparator<DecideCommand.Batch> BY_EXPIRY = Comparator
            .<DecideCommand.Batch>comparingInt(batch -> batch.expiresOn() == null ? Integer.MAX_VALUE : batch.expiresOn())
            .thenComparing(BY_ARRIVAL);

    private Fefo() {}

    /// The one expiry predicate: a batch may be sold through its last day, never after it, and only while at least
    /// `minDays` days of shelf life are left for the buyer's channel.
    public static boolean maySell(Integer expiresOn, int on, int minDays) {
        return expiresOn == null || (long) expiresOn >= (long) on + minDays;
    }

    /// The order in which batches of one SKU leave.
    public static Comparator<DecideCommand.Batch> order(boolean expiryTracked) {
        return expiryTracked ? BY_EXPIRY : BY_ARRIVAL;
    }

    /// What was taken from where, and what is missing.
    public record Pick(List<Taken> taken, Qty missing) {
        public Pick {
            taken = List.copyOf(taken);
        }

        public record Taken(DecideCommand.Batch batch, Qty qty) {}
    }

    /// Picks `wanted` base units of one SKU from its batches.
    public static Pick pick(List<DecideCommand.Batch> batches, Qty wanted, int on, int minDays, boolean expiryTracked) {
        var shelf = new Shelf(batches, on, minDays, expiryTracked);
        var taken = new ArrayList<Pick.Taken>();
        long missing = shelf.take(wanted.milli(), null, (place, milli) ->
                taken.add(new Pick.Taken(shelf.places[place].batch, new Qty(milli))));
        return new Pick(taken, new Qty(missing));
    }

    /// The batches of one SKU during one decision, in picking order, with what is left of each.
    static final class Shelf {
        final Place[] places;

        static final class Place {
            final DecideCommand.Batch batch;
            final boolean sellable;
            long left;

            Place(DecideCommand.Batch batch, boolean sellable) {
                this.batch = batch;
                this.sellable = sellable;
                this.left = Math.max(0, batch.saleable().milli());
            }
        }

        interface Taker {
            void taken(int place, long milli);
        }

        Shelf(List<DecideCommand.Batch> batches, int on, int minDays, boolean expiryTracked) {
            var sorted = batches.toArray(new DecideCommand.Batch[0]);
            if (sorted.length > 1) java.util.Arrays.sort(sorted, order(expiryTracked));
            places = new Place[sorted.length];
            for (int at = 0; at < sorted.length; at++)
                places[at] = new Place(sorted[at], maySell(sorted[at].expiresOn(), on, minDays));
        }

        /// Takes from the named batch, or from all sellable ones in order. The answer is what is missing.
        long take(long milli, String batchId, Taker taker) {
            for (int at = 0; at < places.length && milli > 0; at++) {
                var place = places[at];
                if (batchId == null ? !place.sellable : !place.batch.batchId().equals(batchId)) continue;
                long part = Math.min(milli, place.left);
                if (part <= 0) continue;
                place.left -= part;
                milli -= part;
                taker.taken(at, part);
            }
            return milli;
        }

        Place find(String batchId) {
            for (var place : places) if (place.batch.batchId().equals(batchId)) return place;
            return null;
        }

        long sellableLeft() {
            long sum = 0;
            for (var place : places) if (place.sellable) sum += place.left;
            return sum;
        }
    }
}
