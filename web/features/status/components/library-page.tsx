/** @file The page `/settings/library`: folders, the check of files, backups, and the models that are offered. */
import { Page } from '../../../ui/page.tsx'
import { BackupState } from './backup-state.tsx'
import { FileCheck } from './file-check.tsx'
import { Folders } from './folders.tsx'
import { ModelOffer } from './model-offer.tsx'
import { PanelSection } from './panel-section.tsx'
import { SignedIn } from './signed-in.tsx'

export function LibraryPage() {
  return (
    <Page title="Library" about="Where the pictures are. Files in folders are read where they are and never changed." width="text">
      <div className="flex flex-col gap-7">
        <PanelSection title="Folders">
          <Folders />
        </PanelSection>
        <FileCheck onLeave={() => {}} />
        <BackupState />
        <ModelOffer />
        <SignedIn />
      </div>
    </Page>
  )
}
