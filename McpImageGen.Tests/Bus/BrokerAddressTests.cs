using McpImageGen.Jobs.Bus;
using McpImageGen.Tests.Testing;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace McpImageGen.Tests.Bus;

public sealed class BrokerAddressTests
{
    [Fact]
    public void Missing_CA_certificate_file_is_reported_in_one_line() =>
        Assert.StartsWith("Messaging__CaCertificate '/there/is/none.pem' cannot be read", Refusal("amqps://broker", "/there/is/none.pem"), StringComparison.Ordinal);

    [Fact]
    public void CA_certificate_file_without_a_certificate_is_reported_in_one_line()
    {
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "empty.pem");
        File.WriteAllText(file, "nothing");

        Assert.Equal($"Messaging__CaCertificate '{file}' has no certificate in PEM form.", Refusal("amqps://broker", file));
    }

    [Fact]
    public void CA_certificate_for_a_broker_without_TLS_is_rejected() =>
        Assert.Equal(
            "Messaging__CaCertificate is set, but ConnectionStrings__messaging does not start with amqps://.", Refusal("amqp://broker", "/any.pem"));

    private static string Refusal(string address, string file)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration["ConnectionStrings:messaging"] = address;
        builder.Configuration["Messaging:CaCertificate"] = file;
        return Assert.Single(Assert.Throws<OptionsValidationException>(() => builder.AddRabbitMqBus()).Failures);
    }
}
