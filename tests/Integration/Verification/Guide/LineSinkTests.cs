using Mvx.Sink.Integration.Support;
using Mvx.Sink.Verification;
using VerifyCSharp;

namespace Mvx.Sink.Integration.Verification.Guide;

[Collection(ProcessWideCollection.Name)]
// <xunit>
public sealed class LineSinkTests : LineSinkSpecification
{
    public override VerificationSettings Settings => VerificationSettings.Quick;

    [Theory, MemberData(nameof(Rules))]
    public void Keeps(string rule) => Check(rule);
}
// </xunit>
