package io.offtake.example.domain;

import java.util.List;

/// The invented country: regions, territories and the twelve distributors. State codes are Indian ones, so that tax works.
public final class Country {
    private Country() {}

    public record Territory(String code, String name, String region) {}

    public record Region(String code, String name) {}

    /// @param weight   its share of the network's sales, 1 being average
    /// @param pin      first three digits of its postal codes
    /// @param latitude centre of its town, `longitude` likewise
    public record Distributor(String code, String name, String legalName, String owner, String territory, String stateCode, String zone, String city, String pin,
                              String pan, String phone, double weight, double latitude, double longitude) {}

    public static final List<Region> REGIONS = List.of(new Region("COAST", "Sagar Coast"), new Region("PLATEAU", "High Plateau"), new Region("VALLEY", "Tungar Valley"));

    public static final List<Territory> TERRITORIES = List.of(
            new Territory("COAST-N", "Coast North", "COAST"), new Territory("COAST-S", "Coast South", "COAST"),
            new Territory("PLATEAU-E", "Plateau East", "PLATEAU"), new Territory("PLATEAU-W", "Plateau West", "PLATEAU"),
            new Territory("VALLEY-U", "Upper Valley", "VALLEY"), new Territory("VALLEY-L", "Lower Valley", "VALLEY"));

    /// Kesar Traders first: the counter's door opens on it, and the story of the stock push is told of it.
    public static final List<Distributor> DISTRIBUTORS = List.of(
            new Distributor("KT", "Kesar Traders", "Kesar Traders", "Ramesh Kesar", "PLATEAU-W", "27", "PLATEAU", "Anandpur", "413", "AAKFK2210C", "9820011201", 1.35, 18.312, 75.214),
            new Distributor("AA", "Anand Agencies", "Anand Agencies Pvt Ltd", "Sunita Anand", "PLATEAU-W", "27", "PLATEAU", "Sundarwadi", "413", "AACCA7731H", "9820011202", 1.10, 18.521, 75.006),
            new Distributor("MS", "Mehta & Sons", "Mehta and Sons", "Jignesh Mehta", "PLATEAU-E", "27", "PLATEAU", "Rajgaon", "414", "AAEFM4402L", "9820011203", 1.25, 18.705, 75.802),
            new Distributor("SG", "Shree Ganesh Traders", "Shree Ganesh Traders", "Vikas Jadhav", "PLATEAU-E", "27", "PLATEAU", "Nimbgaon", "414", "ABHFS9917K", "9820011204", 0.85, 18.622, 76.104),
            new Distributor("KS", "Konkan Supply Co", "Konkan Supply Company", "Farida Khan", "COAST-N", "27", "COAST", "Velapur", "416", "AAGFK5528M", "9820011205", 1.15, 17.204, 73.402),
            new Distributor("PB", "Patel Brothers", "Patel Brothers Trading LLP", "Harish Patel", "COAST-N", "27", "COAST", "Machligaon", "416", "AAQFP3316B", "9820011206", 0.95, 17.002, 73.511),
            new Distributor("RA", "Royal Agencies", "Royal Agencies", "Irfan Shaikh", "COAST-S", "29", "COAST", "Sagarpatna", "581", "AAJFR8820D", "9845011207", 0.80, 14.803, 74.205),
            new Distributor("NM", "Nandi Marketing", "Nandi Marketing Pvt Ltd", "Girish Gowda", "COAST-S", "29", "COAST", "Kadalur", "581", "AADCN6644F", "9845011208", 1.05, 14.512, 74.330),
            new Distributor("SL", "Sri Lakshmi Distributors", "Sri Lakshmi Distributors", "Lakshmi Rao", "VALLEY-U", "29", "VALLEY", "Tungapura", "577", "ABKFS1175P", "9845011209", 1.20, 13.902, 75.603),
            new Distributor("VE", "Vijaya Enterprises", "Vijaya Enterprises", "Vijay Hegde", "VALLEY-U", "29", "VALLEY", "Malligere", "577", "AAVFV2093Q", "9845011210", 0.75, 13.711, 75.410),
            new Distributor("BS", "Bharat Sales Corporation", "Bharat Sales Corporation", "Deepak Shetty", "VALLEY-L", "29", "VALLEY", "Hosahalli", "572", "AARFB7702T", "9845011211", 1.00, 13.305, 76.508),
            new Distributor("DD", "Deccan Distribution", "Deccan Distribution House", "Meena Kulkarni", "VALLEY-L", "29", "VALLEY", "Betadur", "572", "AATFD5561W", "9845011212", 0.70, 13.118, 76.712));

    public static final String KESAR = "KT";
}
