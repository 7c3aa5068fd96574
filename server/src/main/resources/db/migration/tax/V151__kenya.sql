-- Why: Kenya (domain/05b): rates and thresholds are dated rows with their source, never code. The row with the empty prefix is the
-- standard rate: it covers whatever no longer prefix names. Schedules change with every Finance Act: check them before going live.
alter table tax.tax_rate drop constraint tax_rate_kind;
alter table tax.tax_rate add constraint tax_rate_kind check (kind in ('TAXABLE', 'NIL', 'EXEMPT', 'NON_GST', 'ZERO_RATED'));

insert into tax.tax_rate (regime, hsn_prefix, rate, kind, valid_from, valid_to, source) values
    ('KE_VAT', '',         0.16, 'TAXABLE',    date '2013-09-02', date '2020-03-31', 'VAT Act 2013 s.5(2)(b)'),
    ('KE_VAT', '',         0.14, 'TAXABLE',    date '2020-04-01', date '2020-12-31', 'Legal Notice 35 of 2020'),
    ('KE_VAT', '',         0.16, 'TAXABLE',    date '2021-01-01', null,              'Tax Laws (Amendment) (No. 2) Act 2020'),
    ('KE_VAT', '2710',     0.08, 'TAXABLE',    date '2018-09-21', date '2023-06-30', 'Finance Act 2018; ended by Finance Act 2023'),
    ('KE_VAT', '01',       0,    'EXEMPT',     date '2013-09-02', null,              'VAT Act 2013, First Schedule: live animals'),
    ('KE_VAT', '02',       0,    'EXEMPT',     date '2013-09-02', null,              'VAT Act 2013, First Schedule: meat'),
    ('KE_VAT', '0209',     0.16, 'TAXABLE',    date '2021-01-01', null,              'VAT Act 2013, First Schedule, excluded from chapter 2'),
    ('KE_VAT', '0210',     0.16, 'TAXABLE',    date '2021-01-01', null,              'VAT Act 2013, First Schedule, excluded from chapter 2'),
    ('KE_VAT', '03',       0,    'EXEMPT',     date '2013-09-02', null,              'VAT Act 2013, First Schedule: fish'),
    ('KE_VAT', '0305',     0.16, 'TAXABLE',    date '2021-01-01', null,              'VAT Act 2013, First Schedule, excluded from chapter 3'),
    ('KE_VAT', '0306',     0.16, 'TAXABLE',    date '2021-01-01', null,              'VAT Act 2013, First Schedule, excluded from chapter 3'),
    ('KE_VAT', '0307',     0.16, 'TAXABLE',    date '2021-01-01', null,              'VAT Act 2013, First Schedule, excluded from chapter 3'),
    ('KE_VAT', '04011000', 0,    'ZERO_RATED', date '2014-05-28', null,              'VAT Act 2013, Second Schedule: milk and cream, not concentrated'),
    ('KE_VAT', '04012000', 0,    'ZERO_RATED', date '2014-05-28', null,              'VAT Act 2013, Second Schedule: milk and cream, not concentrated'),
    ('KE_VAT', '04014000', 0,    'ZERO_RATED', date '2014-05-28', null,              'VAT Act 2013, Second Schedule: milk and cream, not concentrated'),
    ('KE_VAT', '04015000', 0,    'ZERO_RATED', date '2014-05-28', null,              'VAT Act 2013, Second Schedule: milk and cream, not concentrated'),
    ('KE_VAT', '0407',     0,    'EXEMPT',     date '2013-09-02', null,              'VAT Act 2013, First Schedule: fresh eggs in shell'),
    ('KE_VAT', '07',       0,    'EXEMPT',     date '2013-09-02', null,              'VAT Act 2013, First Schedule: vegetables'),
    ('KE_VAT', '0711',     0.16, 'TAXABLE',    date '2021-01-01', null,              'VAT Act 2013, First Schedule, excluded from chapter 7'),
    ('KE_VAT', '08',       0,    'EXEMPT',     date '2013-09-02', null,              'VAT Act 2013, First Schedule: fruit and nuts'),
    ('KE_VAT', '0811',     0.16, 'TAXABLE',    date '2021-01-01', null,              'VAT Act 2013, First Schedule, excluded from chapter 8'),
    ('KE_VAT', '0812',     0.16, 'TAXABLE',    date '2021-01-01', null,              'VAT Act 2013, First Schedule, excluded from chapter 8'),
    ('KE_VAT', '0813',     0.16, 'TAXABLE',    date '2021-01-01', null,              'VAT Act 2013, First Schedule, excluded from chapter 8'),
    ('KE_VAT', '0814',     0.16, 'TAXABLE',    date '2021-01-01', null,              'VAT Act 2013, First Schedule, excluded from chapter 8'),
    ('KE_VAT', '10',       0,    'EXEMPT',     date '2013-09-02', null,              'VAT Act 2013, First Schedule: cereals'),
    ('KE_VAT', '110100',   0,    'ZERO_RATED', date '2018-09-21', null,              'VAT Act 2013, Second Schedule: wheat or meslin flour'),
    ('KE_VAT', '110220',   0,    'ZERO_RATED', date '2018-09-21', null,              'VAT Act 2013, Second Schedule: maize flour'),
    ('KE_VAT', '3003',     0,    'EXEMPT',     date '2013-09-02', null,              'VAT Act 2013, First Schedule: medicaments'),
    ('KE_VAT', '3004',     0,    'EXEMPT',     date '2013-09-02', null,              'VAT Act 2013, First Schedule: medicaments'),
    ('KE_VAT', '96190010', 0,    'EXEMPT',     date '2013-09-02', null,              'VAT Act 2013, First Schedule: sanitary towels and tampons');

-- Totals in shillings and cents: an invoice is not rounded (5b.2: two decimals).
insert into tax.rounding_policy (id, version_no, currency, document_rounding, valid_from) values (150, 1, 'KES', 'NONE', date '2000-01-01');

-- From which turnover of twelve months a seller has to register.
create table tax.vat_threshold (
    regime     text           not null,
    what       text           not null,
    valid_from date           not null,
    amount     numeric(18, 2) not null,
    source     text           not null,
    constraint vat_threshold_pk primary key (regime, what, valid_from),
    constraint vat_threshold_what check (what in ('REGISTRATION'))
);
insert into tax.vat_threshold (regime, what, valid_from, amount, source) values ('KE_VAT', 'REGISTRATION', date '2013-09-02', 5000000, 'VAT Act 2013 s.34(1)');
