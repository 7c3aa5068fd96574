package io.offtake.exchange.federation;

import io.offtake.access.Caller;
import io.offtake.exchange.FactFeeds;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Component
class LocalFeeds implements FactFeeds {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Feeds feeds;
    private final FeedDesk desk;

    LocalFeeds(Feeds feeds, FeedDesk desk) {
        this.feeds = feeds;
        this.desk = desk;
    }

    @Override
    public void agree(Caller caller, long distributor, String system, String name, List<String> recordTypes, String cutOff, String level, LocalDate activeFrom) {
        desk.agree(caller, distributor, system, name, recordTypes, cutOff, level, activeFrom);
    }

    @Override
    public void map(Caller caller, long distributor, String system, Map<String, String> outlets, Map<String, String> skus) {
        var meanings = new ArrayList<FeedDesk.Meaning>();
        outlets.forEach((external, code) -> meanings.add(new FeedDesk.Meaning("OUTLET", external, code, null)));
        skus.forEach((external, code) -> meanings.add(new FeedDesk.Meaning("SKU", external, code, null)));
        desk.map(caller, distributor, system, meanings);
    }

    @Override
    public Result receive(Caller caller, String batch, @Nullable String fileName) {
        var json = JSON.readTree(batch);
        var records = new ArrayList<JsonNode>();
        json.path("records").forEach(records::add);
        var answer = feeds.receive(caller, json, records, fileName == null ? Feeds.Channel.API : Feeds.Channel.FILE, fileName).answer().batch();
        return new Result(answer.state(), answer.accepted(), answer.quarantined(), answer.rejected());
    }
}
