package io.offtake.insight.app;

import io.offtake.insight.store.FeedStore;
import io.offtake.insight.store.NetworkDirectory;
import io.offtake.platform.LaunchCommand;
import io.offtake.platform.Progress;
import java.util.List;
import org.springframework.stereotype.Component;

/// `./offtake rebuild-facts`: makes all facts again from the change feed, distributor by distributor, while the old ones
/// are still read.
@Component
class RebuildCommand implements LaunchCommand {
    private final FeedStore store;
    private final Feed feed;
    private final NetworkDirectory network;

    RebuildCommand(FeedStore store, Feed feed, NetworkDirectory network) {
        this.store = store;
        this.feed = feed;
        this.network = network;
    }

    @Override
    public String name() {
        return "rebuild-facts";
    }

    @Override
    public String usage() {
        return "rebuild-facts";
    }

    @Override
    public int run(List<String> arguments, Progress progress) {
        var places = network.places(null);
        long total = places.stream().mapToLong(place -> store.events(place.id())).sum();
        long before = 0;
        for (var place : places) {
            long start = before;
            before += feed.rebuild(place.id(), done -> progress.at("Facts of " + place.name(), start + done, total));
        }
        return 0;
    }
}
