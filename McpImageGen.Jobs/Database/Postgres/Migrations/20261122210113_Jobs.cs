using System;
using McpImageGen.Jobs.Database;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace McpImageGen.Jobs.Database.Postgres.Migrations
{
    /// <inheritdoc />
    [DbContext(typeof(JobsDbContext))]
    [Migration("20261122210113_Jobs")]
    public partial class Jobs : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            // The database's clock, by which every time in a transition is set. STABLE, so that conditions on it can use an index.
            migrationBuilder.Sql("""
                CREATE FUNCTION now_ms() RETURNS bigint LANGUAGE sql STABLE AS
                $$ SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint $$
                """);

            migrationBuilder.CreateTable(
                name: "jobs",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    owner = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    prompt = table.Column<string>(type: "text", nullable: false),
                    model = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    seed = table.Column<long>(type: "bigint", nullable: true),
                    width = table.Column<int>(type: "integer", nullable: true),
                    height = table.Column<int>(type: "integer", nullable: true),
                    steps = table.Column<int>(type: "integer", nullable: true),
                    negative_prompt = table.Column<string>(type: "text", nullable: true),
                    guidance = table.Column<double>(type: "double precision", nullable: true),
                    trace_parent = table.Column<string>(type: "character varying(55)", maxLength: 55, nullable: true),
                    status = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    created_at = table.Column<long>(type: "bigint", nullable: false),
                    updated_at = table.Column<long>(type: "bigint", nullable: false),
                    sent_at = table.Column<long>(type: "bigint", nullable: true),
                    resends = table.Column<int>(type: "integer", nullable: false),
                    send_after = table.Column<long>(type: "bigint", nullable: false),
                    next_attempt_at = table.Column<long>(type: "bigint", nullable: true),
                    retry_until = table.Column<long>(type: "bigint", nullable: true),
                    claim = table.Column<Guid>(type: "uuid", nullable: true),
                    worker_id = table.Column<Guid>(type: "uuid", nullable: true),
                    lease_until = table.Column<long>(type: "bigint", nullable: true),
                    claimed_at = table.Column<long>(type: "bigint", nullable: true),
                    generated_at = table.Column<long>(type: "bigint", nullable: true),
                    finished_at = table.Column<long>(type: "bigint", nullable: true),
                    attempts = table.Column<int>(type: "integer", nullable: false),
                    takeovers = table.Column<int>(type: "integer", nullable: false),
                    output_rejections = table.Column<int>(type: "integer", nullable: false),
                    image_key = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: true),
                    content_type = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: true),
                    image_length = table.Column<long>(type: "bigint", nullable: true),
                    neurons = table.Column<double>(type: "double precision", nullable: true),
                    error_code = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: true),
                    error = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_jobs", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "workers",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    started = table.Column<long>(type: "bigint", nullable: false),
                    concurrency = table.Column<int>(type: "integer", nullable: false),
                    seen = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_workers", x => x.id);
                });

            migrationBuilder.CreateIndex(
                name: "ix_jobs_finished_at",
                table: "jobs",
                column: "finished_at",
                filter: "finished_at IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_jobs_image_key",
                table: "jobs",
                column: "image_key",
                filter: "image_key IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_jobs_lease_until",
                table: "jobs",
                column: "lease_until",
                filter: "status = 'processing'");

            migrationBuilder.CreateIndex(
                name: "ix_jobs_owner_id",
                table: "jobs",
                columns: new[] { "owner", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_jobs_owner_sent_at_id_send_after",
                table: "jobs",
                columns: new[] { "owner", "sent_at", "id", "send_after" },
                filter: "finished_at IS NULL");

            migrationBuilder.CreateIndex(
                name: "ix_jobs_owner_status_id",
                table: "jobs",
                columns: new[] { "owner", "status", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_jobs_send_after",
                table: "jobs",
                column: "send_after",
                filter: "status = 'pending' AND sent_at IS NOT NULL");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "jobs");

            migrationBuilder.DropTable(
                name: "workers");

            migrationBuilder.Sql("DROP FUNCTION now_ms()");
        }
    }
}
