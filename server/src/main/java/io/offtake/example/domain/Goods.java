package io.offtake.example.domain;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The 300 SKUs of Sunbird Foods: families × variants × packs.
public final class Goods {
    private Goods() {}

    public record Category(String code, String name, @Nullable String parent) {}

    /// @param gst      fraction, as IN-07 has it from 22-09-2025
    /// @param newMrp   the MRP printed from [Goods#MRP_CHANGE_DAYS] before the end on, null if it stays
    /// @param rank     0 for the best seller
    /// @param summer   how much more it sells in the hot months, 1 for no season; `festive` likewise in October and November
    public record Sku(String code, String name, String nameLocal, String aliases, String family, String category, String brand, String variant, String pack, String tier,
                      String hsn, BigDecimal gst, BigDecimal mrp, @Nullable BigDecimal newMrp, int caseSize, int inner, int weight, int shelfLifeDays, double popularity,
                      double summer, double festive, String gtin, String caseGtin, boolean mustStock) {

        public BigDecimal ptr(BigDecimal mrp) {
            return mrp.divide(BigDecimal.ONE.add(gst), 10, RoundingMode.HALF_UP).divide(new BigDecimal("1.12"), 2, RoundingMode.HALF_UP);
        }

        /// The distributor's cost: six per cent below the retailer's price.
        public BigDecimal pts(BigDecimal mrp) {
            return ptr(mrp).divide(new BigDecimal("1.06"), 4, RoundingMode.HALF_UP);
        }

        /// What the outlet pays per piece before tax at the MRP in force first.
        public double price() {
            return ptr(mrp).doubleValue();
        }
    }

    /// How long before the end of the history the raised MRPs arrive.
    public static final int MRP_CHANGE_DAYS = 110;

    private record Family(String key, String brand, String parent, String category, String name, String nameLocal, String hsn, String gst, int shelfLife, double pull,
                          double summer, double festive, List<String> variants, List<String> packs) {}

    private static Family family(String key, String brand, String parent, String category, String name, String nameLocal, String hsn, String gst, int shelfLife, double pull,
                                 double summer, double festive, String variants, String packs) {
        return new Family(key, brand, parent, category, name, nameLocal, hsn, gst, shelfLife, pull, summer, festive, List.of(variants.split(",")), List.of(packs.split(",")));
    }

    /// A pack is label:MRP:pieces in a case:pieces in an inner (0: none):grams.
    private static final List<Family> FAMILIES = List.of(
            family("GLU", "Sunbird", "Biscuits & bakery", "Glucose biscuits", "Glucose Biscuit", "ग्लूकोज़ बिस्किट", "190531", "0.05", 180, 2.2, 1, 1.1,
                    "Classic,Milk,Honey", "45 g:5:144:24:45,90 g:10:120:12:90,200 g:25:60:12:200,400 g:50:24:6:400,800 g:95:12:0:800"),
            family("CRM", "Sunbird", "Biscuits & bakery", "Cream biscuits", "Cream Biscuit", "क्रीम बिस्किट", "190531", "0.05", 180, 1.5, 1, 1.2,
                    "Orange,Elaichi,Chocolate,Vanilla,Strawberry,Pineapple", "40 g:5:144:24:40,75 g:10:120:12:75,150 g:25:60:12:150,300 g:48:24:6:300"),
            family("MAR", "Sunbird", "Biscuits & bakery", "Marie", "Marie", "मैरी बिस्किट", "190531", "0.05", 180, 1.2, 1, 1,
                    "Gold,Oats", "70 g:10:120:12:70,150 g:20:60:12:150,250 g:35:40:10:250,500 g:65:20:5:500"),
            family("CKE", "Tiptop", "Biscuits & bakery", "Cookies", "Butter Cookie", "बटर कुकी", "190531", "0.05", 180, 1.0, 1, 1.6,
                    "Original,Cashew,Choco Chip,Coconut,Jeera", "50 g:10:120:12:50,100 g:25:60:12:100,200 g:50:36:6:200,400 g:99:18:0:400"),
            family("SLT", "Tiptop", "Biscuits & bakery", "Crackers", "Cracker", "क्रैकर", "190531", "0.05", 150, 0.8, 1, 1,
                    "Salted,Masala,Pepper", "60 g:10:120:12:60,120 g:25:60:12:120,240 g:45:30:6:240"),
            family("RSK", "Tiptop", "Biscuits & bakery", "Rusk", "Rusk", "रस्क", "190540", "0.05", 120, 0.6, 0.9, 1,
                    "Elaichi,Milk", "100 g:15:60:12:100,200 g:30:36:6:200,400 g:55:20:0:400"),
            family("NMK", "Chatpata", "Snacks", "Namkeen", "Namkeen", "नमकीन", "210690", "0.05", 120, 1.7, 1, 1.4,
                    "Bhujia,Moong Dal,Aloo Sev,Navratan Mix,Chana Jor,Khatta Meetha,Peanut Masala,Cornflakes Mix",
                    "20 g:5:180:30:20,45 g:10:120:15:45,150 g:45:48:6:150,400 g:110:20:5:400"),
            family("CHP", "Chatpata", "Snacks", "Chips", "Potato Chips", "आलू चिप्स", "210690", "0.05", 120, 1.6, 1.1, 1.1,
                    "Salted,Masala,Tomato,Cream & Onion,Pudina,Peri Peri", "15 g:5:120:20:15,30 g:10:96:12:30,75 g:30:48:6:75"),
            family("NDL", "Tiptop", "Noodles & pasta", "Instant noodles", "Instant Noodles", "इंस्टेंट नूडल्स", "190230", "0.05", 270, 1.6, 0.9, 1,
                    "Masala,Chicken,Atta,Hakka,Curry", "35 g:7:96:12:35,70 g:14:96:12:70,280 g:56:24:6:280,560 g:108:12:0:560"),
            family("PST", "Tiptop", "Noodles & pasta", "Pasta", "Pasta", "पास्ता", "190219", "0.05", 365, 0.5, 1, 1,
                    "Penne,Macaroni,Cheese", "70 g:25:48:12:70,400 g:75:24:0:400"),
            family("CND", "Rasila", "Confectionery", "Candy", "Candy Jar", "कैंडी जार", "170490", "0.05", 365, 0.9, 1, 1.3,
                    "Mango,Orange,Coffee,Kacha Aam,Imli,Mint,Lemon,Milk Toffee", "Pouch 75 pcs:60:24:6:300,Jar 150 pcs:130:12:0:620"),
            family("CHO", "Marulia Gold", "Confectionery", "Chocolate", "Chocolate", "चॉकलेट", "180632", "0.05", 270, 1.1, 0.6, 1.9,
                    "Milk,Fruit & Nut,Crisp,Dark,Caramel", "10 g:5:240:40:10,20 g:10:180:30:20,45 g:40:96:12:45,110 g:105:48:6:110"),
            family("KTP", "Rasoi", "Sauces & spreads", "Ketchup & sauces", "Sauce", "सॉस", "210320", "0.05", 365, 0.7, 1, 1,
                    "Tomato Ketchup,Chilli,Soya,Imli Chutney", "90 g:15:72:12:90,200 g:50:36:6:200,500 g:99:20:0:500,1 kg:165:12:0:1000"),
            family("JAM", "Rasoi", "Sauces & spreads", "Jam", "Jam", "जैम", "200799", "0.05", 365, 0.5, 1, 1,
                    "Mixed Fruit,Mango,Strawberry,Pineapple", "90 g:35:48:12:90,200 g:80:24:6:200,500 g:160:12:0:500"),
            family("JUI", "Rasila", "Beverages", "Fruit drinks", "Fruit Drink", "फ्रूट ड्रिंक", "220299", "0.05", 180, 1.4, 1.9, 1,
                    "Mango,Guava,Litchi,Apple,Mixed", "125 ml:10:40:10:130,200 ml:20:27:0:210,600 ml:40:24:0:630,1.2 l:75:12:0:1250"),
            family("COL", "Fizzo", "Beverages", "Carbonated drinks", "Drink", "शीतल पेय", "220210", "0.40", 150, 1.4, 2.0, 1,
                    "Cola,Lemon,Orange,Jeera Soda", "250 ml:20:28:0:260,600 ml:40:24:0:620,1.25 l:65:12:0:1290,2.25 l:99:9:0:2300"),
            family("COF", "Marulia Gold", "Beverages", "Instant coffee", "Instant Coffee", "इंस्टेंट कॉफ़ी", "210111", "0.05", 540, 0.7, 0.8, 1,
                    "Classic,Strong,Chicory", "1.5 g:2:600:60:2,7 g:10:240:24:7,50 g:155:48:6:50,100 g:295:24:0:100"),
            family("MLK", "Doodh Mitra", "Dairy", "UHT milk", "UHT Milk", "यूएचटी दूध", "040120", "0", 150, 0.8, 1.1, 1,
                    "Toned,Full Cream", "200 ml:16:30:0:205,500 ml:36:20:0:515,1 l:68:12:0:1030"),
            family("GHE", "Doodh Mitra", "Dairy", "Ghee & butter", "Ghee", "घी", "040590", "0.05", 270, 0.6, 0.9, 1.6,
                    "Cow,Pure,Buffalo", "50 ml:38:60:12:46,200 ml:140:30:6:182,500 ml:335:15:0:455,1 l:655:10:0:910"),
            family("DSH", "Kora", "Home care", "Dishwash", "Dishwash", "डिशवॉश", "340250", "0.18", 720, 0.9, 1, 1,
                    "Lemon,Neem,Pudina", "Bar 70 g:5:120:20:70,Bar 160 g:12:60:12:160,Liquid 250 ml:55:36:6:265,Liquid 750 ml:149:16:0:790"));

    private static final Map<String, String> HINDI = Map.ofEntries(Map.entry("Classic", "क्लासिक"), Map.entry("Milk", "मिल्क"), Map.entry("Honey", "शहद"), Map.entry("Orange", "ऑरेंज"),
            Map.entry("Elaichi", "इलायची"), Map.entry("Chocolate", "चॉकलेट"), Map.entry("Vanilla", "वनीला"), Map.entry("Strawberry", "स्ट्रॉबेरी"), Map.entry("Pineapple", "अनानास"),
            Map.entry("Gold", "गोल्ड"), Map.entry("Oats", "ओट्स"), Map.entry("Butter", "बटर"), Map.entry("Cashew", "काजू"), Map.entry("Choco Chip", "चोको चिप"), Map.entry("Coconut", "नारियल"),
            Map.entry("Jeera", "जीरा"), Map.entry("Salted", "नमकीन"), Map.entry("Masala", "मसाला"), Map.entry("Pepper", "काली मिर्च"), Map.entry("Bhujia", "भुजिया"),
            Map.entry("Moong Dal", "मूंग दाल"), Map.entry("Aloo Sev", "आलू सेव"), Map.entry("Navratan Mix", "नवरत्न मिक्स"), Map.entry("Chana Jor", "चना जोर"),
            Map.entry("Khatta Meetha", "खट्टा मीठा"), Map.entry("Peanut Masala", "मसाला मूंगफली"), Map.entry("Cornflakes Mix", "कॉर्नफ्लेक्स मिक्स"), Map.entry("Tomato", "टमाटर"),
            Map.entry("Cream & Onion", "क्रीम प्याज"), Map.entry("Pudina", "पुदीना"), Map.entry("Peri Peri", "पेरी पेरी"), Map.entry("Chicken", "चिकन"), Map.entry("Atta", "आटा"),
            Map.entry("Hakka", "हक्का"), Map.entry("Curry", "करी"), Map.entry("Mango", "आम"), Map.entry("Coffee", "कॉफ़ी"), Map.entry("Kacha Aam", "कच्चा आम"), Map.entry("Imli", "इमली"),
            Map.entry("Mint", "पुदीना"), Map.entry("Lemon", "नींबू"), Map.entry("Milk Toffee", "दूध टॉफ़ी"), Map.entry("Tomato Ketchup", "टमाटर केचप"), Map.entry("Chilli", "मिर्च"),
            Map.entry("Guava", "अमरूद"), Map.entry("Litchi", "लीची"), Map.entry("Apple", "सेब"), Map.entry("Mixed", "मिक्स"), Map.entry("Cola", "कोला"), Map.entry("Cow", "गाय"),
            Map.entry("Pure", "शुद्ध"), Map.entry("Buffalo", "भैंस"), Map.entry("Neem", "नीम"), Map.entry("Toned", "टोंड"), Map.entry("Full Cream", "फुल क्रीम"));

    public static final List<Sku> SKUS = skus();

    public static List<Category> categories() {
        var all = new ArrayList<Category>();
        for (var family : FAMILIES) {
            if (all.stream().noneMatch(known -> known.code.equals(code(family.parent)))) all.add(new Category(code(family.parent), family.parent, null));
        }
        for (var family : FAMILIES) all.add(new Category("MAR-" + family.key, family.category, code(family.parent)));
        return all;
    }

    public static List<String> brands() {
        return FAMILIES.stream().map(Family::brand).distinct().toList();
    }

    /// Codes are unique in the whole installation: the example's begin with its own prefix.
    public static String code(String name) {
        return "MAR-" + name.toUpperCase(java.util.Locale.ROOT).replaceAll("[^A-Z]+", "-");
    }

    private static List<Sku> skus() {
        var all = new ArrayList<Sku>();
        var ranked = new HashMap<String, Double>();
        for (var family : FAMILIES) {
            int number = 0;
            for (int v = 0; v < family.variants.size(); v++) {
                for (int p = 0; p < family.packs.size(); p++) {
                    var code = family.key + String.valueOf(101 + number++);
                    var pull = family.pull * Math.pow(0.72, v) * Math.pow(0.6, p) * (0.8 + Seed.random("pull", code).nextDouble() * 0.4);
                    ranked.put(code, pull);
                    all.add(sku(family, code, family.variants.get(v), family.packs.get(p).split(":"), pull, all.size()));
                }
            }
        }
        var best = ranked.entrySet().stream().sorted(Map.Entry.<String, Double>comparingByValue().reversed()).limit(25).map(Map.Entry::getKey).collect(Collectors.toSet());
        return all.stream().map(sku -> best.contains(sku.code) ? mustStock(sku) : sku).toList();
    }

    private static Sku mustStock(Sku s) {
        return new Sku(s.code, s.name, s.nameLocal, s.aliases, s.family, s.category, s.brand, s.variant, s.pack, s.tier, s.hsn, s.gst, s.mrp, s.newMrp, s.caseSize, s.inner,
                s.weight, s.shelfLifeDays, s.popularity, s.summer, s.festive, s.gtin, s.caseGtin, true);
    }

    private static Sku sku(Family family, String code, String variant, String[] pack, double pull, int place) {
        var mrp = new BigDecimal(pack[1]).setScale(2);
        // about a third of the packs from 25 rupees on: four per cent, to the whole rupee
        boolean raised = mrp.intValue() >= 25 && Math.floorMod(Seed.of("mrp", code), 100) < 55;
        var newMrp = raised ? mrp.multiply(new BigDecimal("1.04")).setScale(0, RoundingMode.HALF_UP).setScale(2) : null;
        var tier = mrp.intValue() <= 10 ? "LUP" : mrp.intValue() < 60 ? "MID" : "LARGE";
        var local = family.brand.equals("Sunbird") ? "सनबर्ड " : "";
        return new Sku(code, family.brand + " " + variant + " " + family.name + " " + pack[0], local + HINDI.getOrDefault(variant, "") + " " + family.nameLocal + " " + pack[0],
                variant.toLowerCase(java.util.Locale.ROOT) + " " + family.name.toLowerCase(java.util.Locale.ROOT).split(" ")[0] + " " + mrp.intValue(), family.key, "MAR-" + family.key,
                family.brand, variant, pack[0], tier, family.hsn, new BigDecimal(family.gst), mrp, newMrp, Integer.parseInt(pack[2]), Integer.parseInt(pack[3]),
                Integer.parseInt(pack[4]), family.shelfLife, pull, family.summer, family.festive, gtin("890601" + String.format("%06d", 27000 + place)),
                gtin("1890601" + String.format("%06d", 27000 + place)), false);
    }

    /// With its check digit: weights 3 and 1 alternate from the right.
    static String gtin(String digits) {
        int sum = 0;
        for (int at = 0; at < digits.length(); at++) sum += (digits.charAt(digits.length() - 1 - at) - '0') * (at % 2 == 0 ? 3 : 1);
        return digits + (10 - sum % 10) % 10;
    }
}
