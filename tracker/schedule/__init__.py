"""Jobs of cron, systemd and launchd that poll and send the digest.

`plan` makes jobs from what the user typed, `program` finds the command that they run. `crontab`,
`systemd` and `launchd` each write, read and remove jobs of one scheduler. `installation` chooses
among them. Nothing here changes what does not carry our marker.
"""
