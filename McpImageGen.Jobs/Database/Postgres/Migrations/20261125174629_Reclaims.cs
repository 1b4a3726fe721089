using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace McpImageGen.Jobs.Database.Postgres.Migrations
{
    /// <inheritdoc />
    public partial class Reclaims : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "reclaim_reason",
                table: "jobs",
                type: "character varying(20)",
                maxLength: 20,
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "reclaimed_at",
                table: "jobs",
                type: "bigint",
                nullable: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "reclaim_reason",
                table: "jobs");

            migrationBuilder.DropColumn(
                name: "reclaimed_at",
                table: "jobs");
        }
    }
}
