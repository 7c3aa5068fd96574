package io.offtake.insight.score;

import static org.assertj.core.api.Assertions.assertThat;

import io.offtake.insight.Says;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The tower has the words of playbooks in every language: the English ones are those of the server, the Hindi ones are all there.
class PlaybookWordsTest {
    @Test
    @Tag("DST-13") @Tag("LOC-02")
    void everyTextOfAPlaybookHasItsWords() throws IOException {
        var english = words("en");
        var hindi = words("hi");
        var told = new ArrayList<String>();
        for (var playbook : Playbooks.ALL) {
            check(told, english, hindi, playbook.code(), "title", playbook.title());
            check(told, english, hindi, playbook.code(), "trigger", playbook.trigger());
            for (int at = 0; at < playbook.proposals().size(); at++) check(told, english, hindi, playbook.code(), "proposal" + (at + 1), playbook.proposals().get(at));
            for (int at = 0; at < playbook.tasks().size(); at++) check(told, english, hindi, playbook.code(), "task" + (at + 1), playbook.tasks().get(at).text());
            assertThat(english.path(playbook.code()).size()).as(playbook.code()).isEqualTo(2 + playbook.proposals().size() + playbook.tasks().size());
        }
        assertThat(told).isEmpty();
    }

    @Test
    @Tag("DST-13")
    void whatTheProductWroteIntoALogIsToldByKey() {
        assertThat(Plans.said("opened: low cover", "STOP_PUSH")).isEqualTo(Says.of("opened", "why", "low cover"));
        assertThat(Plans.said("done: Plan the liquidation of the ten SKUs with most cover", "STOP_PUSH")).isEqualTo(Says.of("done", "what", "Plan the liquidation of the ten SKUs with most cover", "task", "2"));
        assertThat(Plans.said("done: Clean the shelf", null)).isEqualTo(Says.of("done", "what", "Clean the shelf"));
        assertThat(Plans.said("closed, PARTLY: two of three: good", null)).isEqualTo(Says.of("closed", "outcome", "PARTLY", "note", "two of three: good"));
        assertThat(Plans.said("We met at the godown", "STOP_PUSH")).isNull();
        assertThat(Plans.said("{\"key\":\"done\",\"parameters\":{\"what\":\"Clean\"}}", "done: Clean", null)).as("kept by its key").isEqualTo(Says.of("done", "what", "Clean"));
        assertThat(Plans.said("", "done: he says", null)).as("somebody typed it").isNull();
        assertThat(Plans.said(null, "done: Clean", null)).as("a line of before").isEqualTo(Says.of("done", "what", "Clean"));
    }

    private static JsonNode words(String language) throws IOException {
        return JsonMapper.builder().build().readTree(Files.readAllBytes(Path.of("../web/src/i18n/locales/" + language + "/insight.json"))).path("play");
    }

    private static void check(ArrayList<String> told, JsonNode english, JsonNode hindi, String code, String place, String text) {
        if (!text.equals(english.path(code).path(place).asString(""))) told.add(code + "." + place + " is not what the server says: " + text);
        if (hindi.path(code).path(place).asString("").codePoints().noneMatch(one -> one >= 0x0900 && one <= 0x097f)) told.add(code + "." + place + " has no Hindi");
    }
}
