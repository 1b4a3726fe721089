using McpImageGen.Jobs.Database;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace McpImageGen.Jobs.Database.Postgres.Migrations
{
    /// <inheritdoc />
    [DbContext(typeof(JobsDbContext))]
    [Migration("20261125173000_SearchForm")]
    public partial class SearchForm : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            // With an explicit collation, since lower() of a database with the locale C knows only ASCII. A Postgres that was built without ICU, and
            // a database that is not in UTF-8, do what they can.
            migrationBuilder.Sql("""
                DO $do$
                DECLARE
                    form text := 'lower($1)';
                BEGIN
                    IF getdatabaseencoding() = 'UTF8' THEN
                        form := 'lower(normalize($1, NFC))';
                        IF EXISTS (SELECT FROM pg_collation WHERE collname = 'und-x-icu') THEN
                            form := 'lower(normalize($1, NFC) COLLATE "und-x-icu")';
                        END IF;
                        -- İ, the dot that remains of it, ς and σ.
                        form := 'replace(replace(replace(' || form || $$, chr(304), 'i'), 'i' || chr(775), 'i'), chr(962), chr(963))$$;
                    END IF;
                    EXECUTE 'CREATE FUNCTION search_form(text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS ' || quote_literal('SELECT ' || form);
                END
                $do$
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("DROP FUNCTION search_form(text)");
        }
    }
}
