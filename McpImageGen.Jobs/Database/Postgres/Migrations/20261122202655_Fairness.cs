using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace McpImageGen.Jobs.Database.Postgres.Migrations
{
    /// <inheritdoc />
    public partial class Fairness : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_jobs_send_after",
                table: "jobs");

            migrationBuilder.AddColumn<int>(
                name: "concurrency",
                table: "workers",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.CreateIndex(
                name: "ix_jobs_owner_sent_at_id_send_after",
                table: "jobs",
                columns: new[] { "owner", "sent_at", "id", "send_after" },
                filter: "finished_at IS NULL");

            migrationBuilder.CreateIndex(
                name: "ix_jobs_send_after",
                table: "jobs",
                column: "send_after",
                filter: "status = 'pending' AND sent_at IS NOT NULL");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_jobs_owner_sent_at_id_send_after",
                table: "jobs");

            migrationBuilder.DropIndex(
                name: "ix_jobs_send_after",
                table: "jobs");

            migrationBuilder.DropColumn(
                name: "concurrency",
                table: "workers");

            migrationBuilder.CreateIndex(
                name: "ix_jobs_send_after",
                table: "jobs",
                column: "send_after",
                filter: "status = 'pending'");
        }
    }
}
