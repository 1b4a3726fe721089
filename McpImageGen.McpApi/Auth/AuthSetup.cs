using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.HostFiltering;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Options;
using ModelContextProtocol.AspNetCore.Authentication;

namespace McpImageGen.McpApi.Auth;

/// <summary>Authentication, authorization and rate limits.</summary>
internal static class AuthSetup
{
    private const string AnyScheme = "Bearer";

    public static void AddAuth(this IHostApplicationBuilder builder)
    {
        builder.AddOptionsOf<AuthOptions, AuthOptionsValidation>(AuthOptions.Section);
        builder.AddOptionsOf<JwtOptions, JwtOptionsValidation>(JwtOptions.Section);
        builder.Services.AddSingleton<IValidateOptions<HostNames>, HostNamesValidation>();
        builder.Services.AddOptions<HostNames>()
            .Configure<IConfiguration>((names, configuration) => names.Allowed = configuration[HostNames.Setting] ?? "").ValidateOnStart();

        // The framework's own check does not support ports, returns HTML, and also rejects health probes.
        builder.Services.PostConfigure<HostFilteringOptions>(filtering => filtering.AllowedHosts = ["*"]);
        builder.Services.AddOptions<LimitsOptions>().BindConfiguration(LimitsOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        var token = builder.Configuration[AuthOptions.TokenSetting];
        if (!string.IsNullOrWhiteSpace(token))
        {
            builder.Services.PostConfigure<AuthOptions>(
                auth => auth.Tokens.Add(new OwnerToken { Owner = AuthOptions.DefaultOwner, Token = token }));
        }

        builder.Services.AddHostedService<TokenLengthCheck>();
        builder.Services.AddSingleton<Caller>();
        builder.Services.AddSingleton<KnownTokens>();
        builder.Services.AddSingleton<FailedLogins>();
        builder.Services.AddSingleton<AuthChallenges>();
        builder.Services.AddSingleton<IConfigureOptions<RateLimiterOptions>, CallLimits>();
        builder.Services.AddRateLimiter(_ => { });
        builder.Services.AddSingleton<StreamLimits>();

        // Every rejected call would log two lines at Information.
        builder.Logging.AddFilter(typeof(BearerTokenHandler).FullName, LogLevel.Warning);
        builder.Logging.AddFilter(typeof(JwtBearerHandler).FullName, LogLevel.Warning);

        // Only the core services: tokens in the settings do not need data protection keys.
        builder.Services.AddAuthenticationCore(authentication => authentication.DefaultScheme = AnyScheme);
        builder.Services.AddWebEncoders();
        var schemes = new AuthenticationBuilder(builder.Services);
        schemes.AddScheme<AuthenticationSchemeOptions, BearerTokenHandler>(BearerTokenHandler.SchemeName, configureOptions: null);
        var jwt = builder.Configuration.GetSection(JwtOptions.Section).Get<JwtOptions>();
        if (jwt?.Authority is not null)
        {
            builder.Services.AddSingleton<IdentityProviderKeys>();
            builder.Services.AddSingleton<IConfigureOptions<JwtBearerOptions>, JwtCallers>();
            builder.Services.AddAuthentication();
            schemes.AddJwtBearer(JwtCallers.SchemeName, _ => { });
            builder.Services.AddSingleton<IConfigureOptions<McpAuthenticationOptions>, SignInMetadata>();
            schemes.AddMcp(_ => { });
        }

        schemes.AddPolicyScheme(AnyScheme, null, policy => policy.ForwardDefaultSelector = context =>
            jwt?.Authority is not null && JwtCallers.IsJwt(BearerTokenHandler.Sent(context.Request))
                ? JwtCallers.SchemeName
                : BearerTokenHandler.SchemeName);
        builder.Services.AddAuthorizationBuilder().SetDefaultPolicy(new AuthorizationPolicyBuilder()
            .RequireAuthenticatedUser()
            .RequireAssertion(context => JwtCallers.HasScopes(context.User, jwt?.Scopes ?? []))
            .Build());
    }
}
