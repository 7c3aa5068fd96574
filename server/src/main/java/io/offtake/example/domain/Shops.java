package io.offtake.example.domain;

import io.offtake.rules.Gstin;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// The outlets of one distributor, and the beats they lie on.
public final class Shops {
    private Shops() {}

    /// @param weekday 1 Monday to 6 Saturday
    public record Beat(String code, String name, String salesman, int weekday) {}

    /// @param pays how it pays its bills
    /// @param pull how often it buys, 1 being average for its class
    public record Outlet(String code, String name, @Nullable String nameLocal, String channel, String outletClass, int beat, @Nullable String gstin, String registration,
                         String stateCode, String address, String city, String pin, String phone, double latitude, double longitude, int creditLimit, int creditDays,
                         Pays pays, double pull) {}

    public enum Pays { PROMPT, LATE, PARTLY, BADLY }

    private record Word(String latin, String hindi) {}

    private static final List<Word> FIRST = List.of(w("Shri Ganesh", "श्री गणेश"), w("Balaji", "बालाजी"), w("Om Sai", "ॐ साई"), w("Jai Bhavani", "जय भवानी"), w("Mahalaxmi", "महालक्ष्मी"),
            w("Laxmi", "लक्ष्मी"), w("Krishna", "कृष्णा"), w("Sai Krupa", "साई कृपा"), w("Gurukrupa", "गुरुकृपा"), w("Vaishnavi", "वैष्णवी"), w("Durga", "दुर्गा"), w("Shivam", "शिवम"),
            w("Ambika", "अंबिका"), w("Siddhi", "सिद्धि"), w("Sanskar", "संस्कार"), w("Apna", "अपना"), w("New Bharat", "न्यू भारत"), w("Janata", "जनता"), w("Gupta", "गुप्ता"),
            w("Sharma", "शर्मा"), w("Patil", "पाटिल"), w("Jadhav", "जाधव"), w("Shinde", "शिंदे"), w("Deshmukh", "देशमुख"), w("Agarwal", "अग्रवाल"), w("Jain", "जैन"), w("Khan", "खान"),
            w("Shaikh", "शेख"), w("Ansari", "अंसारी"), w("Gowda", "गौड़ा"), w("Hegde", "हेगड़े"), w("Shetty", "शेट्टी"), w("Rao", "राव"), w("Kulkarni", "कुलकर्णी"), w("Naik", "नाईक"),
            w("Fernandes", "फर्नांडिस"), w("D'Souza", "डिसूजा"), w("Prakash", "प्रकाश"), w("Ashok", "अशोक"), w("Sunil", "सुनील"), w("Anjali", "अंजलि"), w("Rekha", "रेखा"), w("Mangal", "मंगल"),
            w("Navdurga", "नवदुर्गा"), w("Tirupati", "तिरुपति"), w("Vinayak", "विनायक"), w("Sarvodaya", "सर्वोदय"), w("City", "सिटी"), w("Corner", "कॉर्नर"), w("Star", "स्टार"),
            w("Royal", "रॉयल"), w("Bismillah", "बिस्मिल्लाह"), w("Noor", "नूर"), w("Annapurna", "अन्नपूर्णा"), w("Daily Fresh", "डेली फ्रेश"), w("Metro", "मेट्रो"), w("Sagar", "सागर"),
            w("Ujwal", "उज्ज्वल"), w("Pooja", "पूजा"), w("Aradhya", "आराध्या"));

    private record Kind(String channel, int share, List<Word> words) {}

    private static final List<Kind> KINDS = List.of(
            new Kind("GROCER", 62, List.of(w("Kirana", "किराना"), w("Kirana Stores", "किराना स्टोर्स"), w("General Stores", "जनरल स्टोर्स"), w("Provision Stores", "प्रोविजन स्टोर्स"),
                    w("Traders", "ट्रेडर्स"), w("Bazaar", "बाज़ार"))),
            new Kind("PAAN", 14, List.of(w("Paan Shop", "पान शॉप"), w("Pan Bhandar", "पान भंडार"), w("Cold Drinks", "कोल्ड ड्रिंक्स"))),
            new Kind("CHEMIST", 6, List.of(w("Medical", "मेडिकल"), w("Medical & General", "मेडिकल एंड जनरल"))),
            new Kind("COSMETICS", 3, List.of(w("Novelty", "नॉवेल्टी"), w("Cosmetics", "कॉस्मेटिक्स"))),
            new Kind("WHOLESALE", 5, List.of(w("Wholesale", "होलसेल"), w("Trading Co", "ट्रेडिंग कंपनी"))),
            new Kind("MODERN_TRADE", 4, List.of(w("Super Market", "सुपर मार्केट"), w("Mart", "मार्ट"))),
            new Kind("HORECA", 6, List.of(w("Restaurant", "रेस्टोरेंट"), w("Bakery & Cafe", "बेकरी एंड कैफ़े"), w("Canteen", "कैंटीन"))));

    private static final List<String> STREETS = List.of("Station Road", "Old Market", "Bus Stand", "Temple Street", "Gandhi Chowk", "College Road", "Mill Gate", "Lake View", "Fort Road",
            "Shivaji Nagar", "New Colony", "Bazaar Peth");
    private static final List<String> SALESMEN = List.of("Imran Shaikh", "Suresh Pawar", "Mahesh Gowda", "Ravi Naik", "Ajay Yadav", "Santosh More", "Kiran Shetty", "Nilesh Patil",
            "Manjunath H", "Prakash Rao", "Salim Khan", "Anil Kamble");

    private static Word w(String latin, String hindi) {
        return new Word(latin, hindi);
    }

    public static List<Beat> beats(Country.Distributor distributor) {
        var random = Seed.random("beats", distributor.code());
        var streets = new ArrayList<>(STREETS);
        java.util.Collections.shuffle(streets, new java.util.Random(Seed.of("streets", distributor.code())));
        int first = random.nextInt(SALESMEN.size());
        var beats = new ArrayList<Beat>();
        for (int day = 1; day <= 6; day++) beats.add(new Beat("B" + day, streets.get(day - 1), SALESMEN.get((first + (day - 1) / 2) % SALESMEN.size()), day));
        return beats;
    }

    public static List<Outlet> outlets(Country.Distributor distributor, int count) {
        var random = Seed.random("outlets", distributor.code());
        var beats = beats(distributor);
        var names = new HashSet<String>();
        var outlets = new ArrayList<Outlet>();
        for (int number = 1; number <= count; number++) {
            var kind = kind(random.nextInt(100));
            Word first;
            Word second;
            do {
                first = FIRST.get(random.nextInt(FIRST.size()));
                second = kind.words.get(random.nextInt(kind.words.size()));
            } while (!names.add(first.latin + " " + second.latin));
            boolean big = kind.channel.equals("WHOLESALE") || kind.channel.equals("MODERN_TRADE");
            int dice = random.nextInt(100);
            var outletClass = big ? dice < 60 ? "A" : "B" : kind.channel.equals("PAAN") ? dice < 45 ? "C" : "D" : dice < 10 ? "A" : dice < 40 ? "B" : dice < 86 ? "C" : "D";
            boolean registered = big || random.nextInt(100) < (outletClass.equals("A") ? 70 : outletClass.equals("B") ? 38 : 12);
            // towns near the border have shops on its other side
            var state = random.nextInt(100) < 3 ? distributor.stateCode().equals("27") ? "29" : "27" : distributor.stateCode();
            boolean composition = registered && !big && random.nextInt(100) < 15;
            int beat = random.nextInt(6);
            int terms = switch (outletClass) {
                case "A" -> 21;
                case "B" -> 14;
                case "C" -> 7;
                default -> 0;
            };
            int limit = switch (outletClass) {
                case "A" -> 90_000;
                case "B" -> 40_000;
                case "C" -> 15_000;
                default -> 0;
            };
            int manner = random.nextInt(100);
            outlets.add(new Outlet("%s%04d".formatted(distributor.code(), number), first.latin + " " + second.latin,
                    random.nextInt(100) < 35 ? first.hindi + " " + second.hindi : null, kind.channel, outletClass, beat, registered ? gstin(random, state) : null,
                    registered ? composition ? "COMPOSITION" : "REGULAR" : "UNREGISTERED", state, "Shop " + (1 + random.nextInt(180)) + ", " + beats.get(beat).name(),
                    distributor.city(), distributor.pin() + "%03d".formatted(1 + random.nextInt(30)), (random.nextBoolean() ? "98" : "70") + "%08d".formatted(random.nextInt(100_000_000)),
                    distributor.latitude() + (random.nextDouble() - 0.5) * 0.09, distributor.longitude() + (random.nextDouble() - 0.5) * 0.09, limit, terms,
                    manner < 72 ? Pays.PROMPT : manner < 90 ? Pays.LATE : manner < 96 ? Pays.PARTLY : Pays.BADLY, 0.6 + random.nextDouble() * 0.8));
        }
        return outlets;
    }

    private static Kind kind(int dice) {
        for (var kind : KINDS) {
            dice -= kind.share;
            if (dice < 0) return kind;
        }
        return KINDS.getFirst();
    }

    /// A number of the right form for a PAN that belongs to nobody in particular.
    private static String gstin(RandomGenerator random, String state) {
        var text = new StringBuilder(state);
        for (int at = 0; at < 3; at++) text.append((char) ('A' + random.nextInt(26)));
        text.append(random.nextInt(100) < 60 ? 'P' : 'F').append((char) ('A' + random.nextInt(26)));
        for (int at = 0; at < 4; at++) text.append((char) ('0' + random.nextInt(10)));
        text.append((char) ('A' + random.nextInt(26))).append("1Z");
        return gstin(text.toString());
    }

    public static String gstin(String first14) {
        return first14 + Gstin.checkCharacter(first14);
    }
}
